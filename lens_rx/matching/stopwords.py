"""Words that titles add to the name of a thing, folded: state, trade, size, colour; nothing of the thing."""

from __future__ import annotations

import re
from typing import Final

from lens_rx.matching.categories import categories_in

STOPWORDS: Final = frozenset(
    """
    new used neu neuf nuevo nuovo nieuw gebraucht occasion usado usato tweedehands sale shop store buy kaufen
    acheter comprar online official offiziell price prices preis prix precio free shipping versand livraison
    size groesse taille talla taglia maat xs s m l xl xxl xxxl men mens women womens herren damen homme femme
    uomo donna unisex kids vintage rare mint good very condition zustand etat stato review reviews test best
    the a an of for with and und et y e en de la le les der die das mit fur avec per con by von from at in on
    ebay amazon etsy vinted mercari carousell depop grailed poshmark brand original authentic genuine look
    second hand secondhand preowned pre-owned refurbished wie like top ovp boxed box vgc nwt bnwt
    """.split()
)
COLOURS: Final = frozenset(
    """
    black white grey gray silver gold red blue green pink purple brown beige navy orange yellow cream tan olive
    schwarz weiss grau silber rot blau grun rosa lila braun gelb noir blanc blanche gris argent rouge bleu vert marron
    negro blanco plata rojo azul verde marron nero bianco argento rosso blu marrone zwart wit grijs zilver rood blauw
    groen bruin burgundy teal indigo cognac ivory ochre sand graphite khaki turquoise violet mauve charcoal anthracite
    czarny bialy szary czerwony niebieski zielony
    """.split()
)
_MATERIALS: Final = frozenset(
    """
    leather leder cuir cuero pelle leer skora wool wolle laine lana wol cotton baumwolle coton algodon cotone
    katoen denim suede walnut oak spruce nylon canvas linen leinen lin lino linnen silk seide soie seda seta wood holz bois madera
    legno hout metal metall steel stahl acier acero acciaio staal down daunen duvet plumas piuma dons
    """.split()
)
#: Tells of a title that name no thing, whatever it is: "outfit ideas", "guide".
_EDITORIAL: Final = frozenset(
    """
    outfit outfits ideas idea inspiration aesthetic wallpaper guide how to choose what which is this my your any
    help quick autumn spring summer winter fall trend trends style styles street market flea photo photos image
    images stock pinterest reddit youtube video tutorial diy vs versus why
    """.split()
)
#: Sizes said as such: "Size M", "Gr. 42", "EU 42", "UK 9.5", "W32 L34".
SIZES: Final = re.compile(
    r"\b(?:(?:size|sz|gr(?:ö|oe|o)(?:ß|ss)e|gr|taille|talla|taglia|maat|rozmiar)\b[ .:]*[a-z]{0,2} ?[\d/.,]*"
    r"|(?:eu|uk|us|fr|it|de) ?\d{1,2}(?:[.,]5)?|w ?\d{2} ?(?:[x/] ?)?l ?\d{2}|\d{2} ?x ?\d{2})(?!\w)",
    re.IGNORECASE,
)


def is_generic(word: str) -> bool:
    """Tell whether a folded word may stand in the title of anything: kind, colour, material, state, trade."""
    return (
        word in STOPWORDS
        or word in COLOURS
        or word in _MATERIALS
        or word in _EDITORIAL
        or bool(categories_in(word))
    )
