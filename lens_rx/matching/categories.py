"""Kinds of thing as titles name them, in the languages of the marketplaces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

#: Words of a kind; one that ends in `*` may go on ("jack*": Jacke, jacket), one that begins with it may
#: end a compound ("*jacke": Damenjacke).
_CATEGORY_WORDS = {
    "jacket": "jacket* coat coats parka* anorak* blouson* blazer* windbreaker *jacke *jacken *mantel veste vestes"
    " manteau doudoune blouson chaqueta* abrigo* cazadora* giacca giacche giubbotto* giubbino cappotto* piumino* jas"
    " jassen *jas kurtka kurtki płaszcz* ジャケット コート ダウン",
    "vest": "vest vests gilet* bodywarmer* *weste *westen chaleco* smanicato* kamizelk* bezrękawnik* ベスト",
    "sweater": "sweater* pullover* jumper* hoodie* hoody cardigan* sweatshirt* fleece *pulli *pullover strickjacke"
    " pull sweat gilet-zip jersey* sudadera* suéter* maglione maglioni felpa felpe trui truien vest-trui sweter*"
    " bluza bluzy polar セーター パーカー スウェット",
    "shirt": "shirt* t-shirt* tee tees polo* blouse* *hemd *hemden *bluse chemise* camisa* camiseta* camicia camicie"
    " maglietta* overhemd* koszul* シャツ",
    "trousers": "trousers pants jeans chino* leggings *hose *hosen pantalon* pantalón pantalones pantaloni broek*"
    " spodnie dżinsy ズボン パンツ デニム",
    "shorts": "shorts bermuda* spodenki ショーツ",
    "dress": "dress dresses gown* *kleid *kleider robe robes vestido* vestito vestiti abito jurk* sukienk* ワンピース",
    "skirt": "skirt* *rock jupe* falda* gonna gonne rok rokken spódnic* スカート",
    "shoes": "shoe shoes sneaker* trainer trainers boot boots loafer* sandal* heels pumps *schuh *schuhe stiefel*"
    " chaussure* basket baskets bottes bottines zapat* botas botines scarpa scarpe stivali schoen schoenen laarzen"
    " buty trampki 靴 シューズ スニーカー ブーツ",
    "bag": "bag bags handbag* tote totes clutch* satchel* *tasche *taschen sac sacs sacoche* bolso* bolsa* borsa borse"
    " borsetta tas tassen torba torebk* バッグ 鞄",
    "backpack": "backpack* rucksack* rucksäcke sac-à-dos mochila* zaino zaini rugzak* plecak* リュック",
    "wallet": "wallet* purse* geldbörse* portemonnaie* portefeuille* cartera* portafogli* portafoglio portemonnee*"
    " portfel* 財布",
    "belt": "belt belts gürtel ceinture* cinturón cinturones cintura cinture riem pasek ベルト",
    "hat": "hat hats cap caps beanie* mütze* kappe* hut chapeau* bonnet* casquette* sombrero* gorro* gorra* cappello"
    " berretto muts mutsen pet czapk* 帽子 キャップ",
    "gloves": "glove* handschuh* gants guantes guanti handschoen* rękawic* 手袋",
    "scarf": "scarf scarves schal* tuch écharpe* foulard* bufanda* pañuelo* sciarpa sjaal* szalik* マフラー",
    "watch": "watch watches wristwatch* chronograph* *uhr *uhren montre* reloj* orologio orologi horloge* zegarek"
    " zegarki 腕時計 時計",
    "glasses": "sunglasses glasses eyewear *brille *brillen lunettes gafas occhiali zonnebril* bril okulary サングラス",
    "camera": "camera* kamera kameras *kamera *kameras appareil-photo cámara* fotocamera* macchina-fotografica"
    " fototoestel* fotocamera* aparat aparaty カメラ",
    "lens": "objektiv* objectif* objetivo* obiettivo obiettivi objectief obiektyw* レンズ",
    "headphones": "headphone* earbud* earphone* headset* kopfhörer* ohrhörer casque écouteurs auricular* cascos cuffie"
    " auricolari koptelefoon* oordopjes słuchawki ヘッドホン イヤホン",
    "speaker": "speaker* loudspeaker* lautsprecher* enceinte* altavoz altavoces altoparlante* luidspreker* głośnik*"
    " スピーカー",
    "phone": "phone phones smartphone* handy handys téléphone* móvil teléfono* telefono telefoon* telefon* スマホ",
    "tablet": "tablet tablets tablette* タブレット",
    "laptop": "laptop* notebook* ordinateur-portable portátil portatile ノートパソコン",
    "console": "console consoles *konsole *konsolen consola* konsol* ゲーム機",
    "bicycle": "bicycle* bike bikes *fahrrad *fahrräder vélo* bicicleta* bicicletta fiets* rower* 自転車",
    "chair": "chair chairs armchair* stool* *stuhl *stühle *sessel hocker chaise* fauteuil* tabouret* silla* sillón"
    " taburete sedia sedie poltrona stoel* kruk krzesł* fotel* 椅子 チェア",
    "table": "table tables desk desks *tisch *tische bureau mesa* tavolo tavoli tavolino tafel* stół stoły stolik"
    " テーブル 机",
    "sofa": "sofa sofas couch* canapé* divano divani zetel kanapa ソファ",
    "lamp": "lamp lamps light lamps pendant *lampe *lampen *leuchte *leuchten luminaire* lámpara* lampada lampade"
    " lampadario lampen lamp* ランプ 照明",
    "guitar": "guitar* gitarre* guitare* guitarra* chitarra chitarre gitaar* gitar* ギター",
    "tent": "tent tents zelt* tente* tienda-de-campaña tenda namiot* テント",
    "knife": "knife knives *messer couteau* cuchillo* coltello coltelli mes messen nóż noże 包丁 ナイフ",
}
#: Kinds that one and the same thing is called by.
_SIMILAR = (
    frozenset({"jacket", "sweater"}),
    frozenset({"sweater", "shirt"}),
    frozenset({"bag", "backpack"}),
    frozenset({"chair", "sofa"}),
    frozenset({"camera", "lens"}),
)


class _Lexicon:
    """The words of all kinds, by how a title's word may match them."""

    def __init__(self) -> None:
        self.whole: dict[str, str] = {}
        self.prefixes: dict[str, str] = {}
        self.suffixes: dict[str, str] = {}
        self.anywhere: dict[str, str] = {}
        for kind, spoken in _CATEGORY_WORDS.items():
            for word in spoken.split():
                self._add(word, kind)

    def _add(self, word: str, kind: str) -> None:
        if _is_unspaced_script(word):
            self.anywhere.setdefault(word, kind)
        elif word.startswith("*"):
            self.suffixes.setdefault(word.strip("*"), kind)
        elif word.endswith("*"):
            self.prefixes.setdefault(word.strip("*"), kind)
        else:
            self.whole.setdefault(word.replace("-", " "), kind)

    def category_of(self, word: str) -> str | None:
        """Return the kind that one word names: whole, by its end, or by its beginning."""
        found = self.whole.get(word)
        parts = range(3, len(word) + 1)
        found = found or next((k for n in parts if (k := self.suffixes.get(word[-n:]))), None)
        return found or next((k for n in parts if (k := self.prefixes.get(word[:n]))), None)


def _is_unspaced_script(word: str) -> bool:
    """Tell a word of a script that sets no spaces between words."""
    return not any(c.upper() != c.lower() for c in word)


_LEXICON = _Lexicon()


@lru_cache(maxsize=4096)
def categories_in(text: str) -> Mapping[str, str]:
    """Return the kinds of thing that a text names, each with the first word that names it."""
    spoken = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", text.casefold())
    halves = [half for word in spoken for half in word.split("-")]
    pairs = [f"{one} {two}" for one, two in pairwise(halves)]
    found: dict[str, str] = {}
    for word in (*spoken, *halves, *pairs):
        if kind := _LEXICON.category_of(word):
            found.setdefault(kind, word)
    for word, kind in _LEXICON.anywhere.items():
        if word in text:
            found.setdefault(kind, word)
    return MappingProxyType(found)


def same_category(one: str, other: str) -> bool:
    """Tell whether a thing of one kind may well be called the other."""
    return one == other or frozenset({one, other}) in _SIMILAR
