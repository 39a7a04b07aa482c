"""Words by which titles give themselves away, a line a language, folded: no capitals, no accents."""

from __future__ import annotations

#: Several things at once.
BUNDLE = (
    r"bundle|job ?lots?|wholesale|bulk|lot of|lot \d+|set of \d+|packs? of \d+",
    r"konvolut|sammlung|restposten|paket|(?:doppel|zweier|dreier)pack|\d+er[- ](?:set|pack)|set aus",
    r"lots? de|lots? d|ensemble de",
    r"lotes? de|lote|conjunto de|conjunto \d+",
    r"lotto(?: di)?|stock di|set di \d+",
    r"partij|kavel|set van|bundel",
    r"zestaw|komplet \d+|pakiet|paczka",
    r"lot(?!\s*(?:nr|no|number|#))",
)
BUNDLE_EAST_ASIAN = r"まとめ売り|まとめ|セット|\d+\s?点|套裝|套装"
#: How many: "2x", "x 3", "3 Stück", "two". Not "3x zoom", not "4x4", not "2 x 15,00".
COUNT = (
    r"(?<![\w.,/])(?:[2-9]|[1-9]\d)\s?[x×]\s?(?=[^\W\d])(?!\s?(?:zoom|opti|digi|magn|crop|vergr|fach))",
    r"(?<!\w)[x×]\s?(?:[2-9]|1\d)(?!\w|[.,]\d)",
    r"\b(?:[2-9]|[1-9]\d)[- ]?(?:pcs?|pieces?|pack|stk|stuck|stueck|unidades|piezas|pezzi|stuks|szt|paar|pairs)\b",
    r"\b(?:two|three|four|zwei|drei|vier|deux|trois|quatre|(?<!a )dos|tres|due|tre|twee|drie|dwa|dwie|trzy)\s+(?=[^\W\d])",
)
#: No original.
REPLICA = (
    r"replicas?|imitations?|fakes?|counterfeit|knock ?offs?|dupes?|look ?a?like|inspired|homage",
    r"unbranded|aftermarket",
    r"no[- ]?name|in the style of|style of|not original|copy of|- copy|copy$",
    r"replik(?:a|en)?|nachbildung|nachbau|imitat|inspiriert|im stil(?: von)?|nicht original",
    r"kein original|kopie|ohne marke",
    r"replique|copie|sans marque|contrefacon|dans le style|facon|inspire[es]? de",
    r"imitacion|copia|sin marca|falso|al estilo(?: de)?|estilo de|inspirad[oa]",
    r"imitazione|senza marca|tarocc\w+|in stile|stile di|nello stile|ispirat[oa]",
    r"namaak|merkloos|in de stijl|in stijl van|geinspireerd",
    r"podrobka|kopia|bez marki|w stylu|inspirowan\w*",
)
REPLICA_EAST_ASIAN = r"レプリカ|コピー品|ノーブランド|風(?:の|\s|$)|仿|高仿"
#: Words before which a replica is denied.
NEGATION_BEFORE = (
    r"\b(?:no|not|not a|kein|keine|nicht|pas|pas de|non|nessun\w*|sin|geen|nie|zaden)\s+(?:a |an |eine? )?$"
)
#: A style named with the producer or the model: "Kanken style", "style Longchamp"; not "style no. 84212".
STYLE_AFTER = (
    r"[- ](?:style|styled|stil|stile|estilo|stijl|styl|inspired)\b(?!\s*(?:no|nr|number|#|code|:|\d))"
)
STYLE_BEFORE = (
    r"\b(?:style|stil|stile|estilo|stijl|styl|tipo|a la|wie|comme|como|come)\s+(?:de |di |von |van |of )?"
)
#: Somebody who has none, or lends or mends it.
SERVICE = (
    r"^\W*(?:suche|gesucht|wanted|looking for|recherche|cherche|busco|cerco|gezocht|kupie|skup)\b",
    r"\b(?:wtb|buy ?back|we buy|ankauf|rental|for hire|zu vermieten|repair service|reparaturservice)\b",
    r"買取|レンタル",
)
#: What goes with the thing, or is a part of it.
ACCESSORY = (
    r"(?:case|box|dock|liner|hood|strap|cable|charger|lid|remote|left|right|stand|base|manual) only",
    r"only (?:box|case|manual)",
    r"empty (?:box|case)|(?:left|right) (?:earbud|shoe|ear)|parts only|spare parts?|spares",
    r"replacement|parts? for",
    r"(?:carry|carrying|protective|hard|phone|travel|silicone|leather|camera|storage) (?:case|cover|pouch|bag|strap)",
    r"cases?(?=$| (?:leather|silicone|clear|cover|only|black|brown))|covers?$|straps?$|laces$|batter(?:y|ies)$",
    r"(?:neck|camera|shoulder|wrist|watch) ?strap|watch ?band|lens cap|body cap|lens hood",
    r"screen protector|tempered glass",
    r"(?:charging|charger|usb|power|audio|data)[- ]?(?:cable|cord|lead)|chargers?|shoe ?laces",
    r"insoles?|ear ?pads?|ear ?tips",
    r"(?:users? |owners? |instruction )?manual|zipper pull|dust ?bag|wall mount|sewing pattern",
    r"stl file|digital download",
    r"leere? (?:ovp|box|verpackung|schachtel|karton)|leerkarton|leerverpackung|ovp leer",
    r"nur (?:ovp|box|verpackung|karton|hulle|tasche|anleitung|deckel)|ersatz\w*|bezug|akku$",
    r"(?:schutz)?hullen?|schutzfolie\w*|panzerglas|lade(?:kabel|gerat)|netzteil|schnursenkel",
    r"einlegesohlen?|ohrpolster",
    r"(?:trage|schulter|kamera)gurt|uhrenarmband|objektivdeckel|bedienungsanleitung|anleitung",
    r"staubbeutel|schnittmuster",
    r"boite (?:vide|seule)|notice|mode d.?emploi|pieces? detachees?|housse|coque|etui|chargeur|lacets|semelles",
    r"caja vacia|solo (?:caja|scatola|box|funda|manuale?)|repuestos?|recambios?|funda|cargador",
    r"cordones|plantillas",
    r"scatola vuota|ricambi?o?|custodia|caricabatteri\w*|caricatore|lacci|solette|manuale",
    r"lege doos|alleen (?:de )?(?:doos|handleiding)|onderdel\w+|hoes(?:je)?|oplader|veters|handleiding",
    r"pust[ey] pude[lł]ko|(?:samo|tylko) (?:pude[lł]ko|instrukcja)|czesc\w*|pokrowiec|obudowa",
    r"[lł]adowarka|instrukcja",
)
ACCESSORY_EAST_ASIAN = (
    r"空箱|箱のみ|ケース|カバー|保護フィルム|充電器|部品|交換用|パーツ|説明書|外盒|保護殼|保护壳"
)
#: What is about the thing, or only shows it.
MERCHANDISE = (
    r"posters?|adverts?|advertisements?|brochures?|catalog(?:ue)?s?|magazines?|books?|enamel pins?",
    r"pin badges?|badges?|pins?$",
    r"^pins?|stickers?|decals?|patch(?:es)?$|key ?(?:chain|ring)s?|magnets?|postcards?|mugs?",
    r"figurines?|scale model|1:\d\d",
    r"\w*plakat|werbung|\w*anzeige|prospekt|katalog|buch|anstecker|anstecknadel|aufkleber|aufnaher",
    r"schlusselanhanger|postkarte",
    r"affiche|publicite|livre|pins|autocollants?|porte[- ]?cles?|carte postale",
    r"carteles?|anuncio|publicidad|libros?|pegatinas?|llavero|postal",
    r"pubblicita|manifesto|libro|spilla|adesivi?|portachiavi|cartolina",
    r"reclame|boek|speldje|sleutelhanger|ansichtkaart",
    r"reklama|ksiazka|przypinka|naklejk[ai]|brelok|pocztowka",
)
MERCHANDISE_EAST_ASIAN = r"ポスター|ピンバッジ|カタログ|ステッカー|キーホルダー|海報|海报"
#: An edition that is priced by itself.
EDITION = (
    r"(?:limited|special|anniversary|collectors?) edition|limited run|sonder(?:edition|modell)",
    r"limitierte? (?:auflage|edition)",
    r"edition (?:limitee|speciale|anniversaire)|edicion (?:limitada|especial)|edizione (?:limitata|speciale)",
    r"edycja (?:limitowana|specjalna)|gelimiteerde editie|beperkte oplage|限定版|限定モデル",
)
#: Words before which something comes with the thing ("with case", "inkl. Ladekabel", "+ cover").
COMES_WITH = (
    r"(?:\b(?:with|w|incl|including|includes|inc|plus|and|full set|original|orig|without|no|new|needs|good|fresh|extra"
    r"|mit|inkl|inklusive|samt|und|ohne|neue[rmns]?|avec|inclus|et|sans|con|incluye|incluso|y|e|sin"
    r"|completo di|senza|met|inclusief|en|zonder|z|ze|wraz|oraz|i|bez|w)\b[ .:/]*"
    r"|(?:\s[+&/(*-]|[,;])\s*|付き?|込み?)(?:\w+ ){0,2}$"
)
#: What a thing is meant for, before its name: "for", with no more than an article between.
FOR = (
    r"\b(?:for|fits|suits|compatible with|fur|fuer|passend (?:fur|zu)|kompatibel mit|pour|para|per|voor|do|dla|na)\s+"
    r"(?:(?:the|a|your|all|original|den|die|das|alle|dein\w*|le|la|les|votre|el|los|las|tu|il|lo|tuo|de|het|je)\s+){0,2}"
)
