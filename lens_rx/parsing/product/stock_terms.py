"""The words by which shops say that a thing can be had, or cannot, in the languages of the markets."""

from __future__ import annotations

import re
from functools import lru_cache


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


#: Texts that say the thing cannot be had now; the most of what a text says.
_SOLD_OUT = _any(
    r"sold[ -]?out", r"out[ -]of[ -]stock", r"(?:not |isn['’]?t |no longer |never |0 )(?:currently )?(?:in stock|available)", r"\bno stock\b", r"unavailable", r"awaiting (?:re-?)?stock", r"stock (?:is )?(?:empty|depleted|exhausted)", r"this (?:item|product|listing|ad) (?:is|has been|was) (?:sold|discontinued|removed|deleted|ended|expired)", r"has been sold", r"(?:has been |was )?discontinued", r"listing (?:has )?ended", r"bidding (?:has )?ended", r"back (?:in stock )?soon",
    r"ausverkauft", r"(?:nicht|nimmer) (?:mehr )?(?:verfügbar|lieferbar|lagernd|erhältlich|bestellbar|verkäuflich|vorrätig|(?:auf|an|am) lager|im sortiment|zur verfügung)", r"vergriffen", r"(?:bereits|schon) verkauft", r"kein(?:e)? (?:bestand|lagerbestand)", r"derzeit nicht im angebot",
    r"[ée]puis[ée]e?s?\b", r"rupture(?: de stocks?| momentanée)?", r"indisponibles?", r"(?:plus|pas|non) disponibles?", r"plus en (?:vente|stock)", r"pas en stock", r"victime de son succès", r"(?:déjà|a été) vendue?",
    r"agotad[oa]s?", r"agotamos", r"(?:sin|no hay|fuera de) (?:stock|existencias|inventario)", r"no (?:est[áa] )?disponible", r"ya no (?:est[áa] )?disponible", r"descatalogad[oa]", r"no quedan (?:existencias|unidades)",
    r"esgotad[oa]s?", r"indispon[ií]ve(?:l|is)", r"(?:sem|fora de) (?:stock|estoque)", r"n[ãa]o (?:est[áa] )?dispon[ií]vel", r"descontinuad[oa]", r"esgotat|sense (?:estoc|existències)|exhaurit|agortuta",
    r"esaurit[oaie]", r"non (?:è )?(?:più |attualmente |al momento )?(?:disponibil[ei]|in vendita|ordinabile)", r"fuori (?:stock|produzione|catalogo)", r"terminat[oi]\b",
    r"uitverkocht", r"niet (?:meer )?(?:op voorraad|leverbaar|beschikbaar|verkrijgbaar|te koop|bestelbaar)", r"geen voorraad", r"uit (?:het )?assortiment",
    r"wyprzedan[yaeo]", r"niedostępn[yae]", r"brak (?:w magazynie|na (?:stanie|magazynie)|towaru|produktu|w sprzedaży)", r"(?:nie|produkt) (?:jest )?dostępny w sprzedaży$", r"wycofan[yae]",
    r"vyprod[aá]n[oýáa]", r"(?:nen[ií]|nie je) (?:momentálně |momentálne |aktuálně |aktuálne )?(?:skladem|skladom|na sklad[ěe]|k dispozici|dostupn[éýá])", r"nedostupn[éýá]", r"vypredan[éýá]", r"prodej (?:byl )?ukončen", r"ukončen[aýá]? (?:prodej|výroba)|výroba ukončena", r"(?:predaj|výroba) ukončen[ýá]", r"nelze (?:objednat|koupit)",
    r"elfogyott", r"nincs (?:raktáron|készleten|készlet)", r"nem (?:kapható|elérhető|rendelhető|vásárolható)", r"kifutott(?: termék)?", r"készlethiány",
    r"slutsåld[at]?", r"(?:tillfälligt |tyvärr )?slut (?:i|på) lager", r"tillfälligt slut", r"(?:ej|inte) (?:i lager|tillgänglig|på lager|i sortimentet)", r"udsolgt", r"(?:er )?(?:ikke|ej) (?:på lager|tilgængelig|tilgjengelig|lagervare|længere til salg)", r"utsolgt", r"tom(?:t|me)? på lager", r"utgått(?:t)?\b", r"udgået",
    r"(?:ei|eivät ole) (?:varastossa|saatavilla|myynnissä)", r"loppuunmyyty", r"(?:tilapäisesti |väliaikaisesti )loppu\w*", r"loppu(?:nut)?(?: varastosta)?", r"poistunut (?:valikoimasta|tuote|myynnistä)", r"läbi müüdud", r"(?:laost )?otsas\b", r"(?:pole|ei ole) (?:saadaval|laos)", r"uppselt", r"ekki (?:til )?(?:á lager|fáanleg\w*)",
    r"izpārdots", r"nav (?:pieejam[sa]|noliktavā|uz vietas|krājumā)", r"išparduota", r"nėra (?:sandėlyje|prekyboje|likutyje)", r"prekės nėra", r"(?:šiuo metu )nėra",
    r"stoc epuizat", r"(?:produs )?epuizat", r"indisponibil[ăe]?", r"nu (?:mai )?(?:este|e) (?:[iî]n stoc|disponibil[ăe]?)", r"f[ăa]r[ăa] stoc", r"lips[ăa] stoc",
    r"rasprodan[oa]", r"rasprodat[oa]", r"(?:ni)?je dostupno$(?<=nije dostupno)", r"nedostup(?:no|an|na)\b", r"nema na (?:stanju|zalihi|zalihama|skladištu|lageru)", r"nije na (?:zalihi|stanju|skladištu)", r"razprodano", r"ni (?:več )?na (?:zalogi|voljo)", r"распрода(?:[тн]о|дено)", r"нема на (?:стању|залиха|лагеру)", r"није доступно",
    r"изчерпан[оа]?(?: количество| наличност)?", r"няма(?: в)? наличност", r"не е (?:налич[её]н|в наличност)", r"липсва от склада",
    r"(?:товара )?нет (?:в наличии|на складе|в продаже)", r"распродан[оаы]?", r"товар (?:закончился|недоступен|отсутствует|продан|снят)", r"снят[оа]? с (?:продажи|производства)", r"закончил(?:ся|ась|ось|ись)", r"(?:временно|товар) отсутствует", r"раскупили", r"не в наличии",
    r"не?ма[єе]? (?:в|у) (?:наявності|продажу)", r"закінчи(?:вся|лася|лось)", r"(?:тимчасово|товар) відсутній", r"знят[ои]й? з (?:виробництва|продажу)", r"розпродан[оа]", r"қоймада жоқ|таусылды",
    r"tükendi", r"stok(?:ta|larımızda)? (?:yok|bulunm\w+|kalmadı)", r"stok(?:lar)?\w* tüken\w+", r"tükenmiştir", r"temin edilemiyor", r"mevcut değil", r"satışta değil", r"satışa kapalı",
    r"εξαντλ[ήη]θηκ\w+", r"εξαντλημέν\w+", r"(?:μη |δεν είναι )(?:άμεσα )?διαθέσιμ[οηα]ς?", r"εκτός (?:αποθέματος|stock)", r"κατόπιν εξάντλησης", r"jasht[ëe] stokut|nuk ka n[ëe] stok|e shitur\b",
    r"אזל(?: מ?ן? ?ה?מלאי)?", r"(?:לא|אינו) (?:ב?מלאי|זמין|קיים במלאי)", r"חסר(?: זמנית)? במלאי|חסר זמנית", r"غير (?:متوفر|متاح|متوفرة|موجود)", r"ن[فق][دذ](?:ت)?(?: (?:من )?(?:المخزون|الكمية))", r"نفد", r"ناموجود", r"(?:فعلا )?موجود نیست", r"اتمام موجودی", r"تمام شد",
    r"在庫(?:切れ|なし|無し|がありません|がございません|はありません)", r"売り?切れ(?:ました|中)?", r"完売(?:しました|御礼)?", r"品切れ", r"入荷(?:待ち|未定)", r"販売(?:を)?(?:終了|停止)", r"取り?扱い(?:を)?終了", r"お取り扱いできません", r"購入できません",
    r"품절", r"재고(?:가)? ?없(?:음|습니다)", r"판매(?:가)? ?(?:종료|완료|중지)", r"매진", r"구매(?:하실)? 수 없", r"售[完罄空]", r"已售[完罄空出]", r"[缺无無]货|缺貨", r"(?:[暫暂][無无时時]?|[無无没沒]有?)(?:現貨|现货|庫存|库存)", r"[補补][貨货]中", r"[銷销]售(?:一空|完[畢毕])", r"完售", r"(?:已|商品)下架", r"停[產产]|停售|已停止[銷销]售",
    r"(?:tạm )?hết hàng", r"ngừng kinh doanh", r"(?:đã )?bán hết", r"cháy hàng", r"stok (?:habis|kosong)", r"habis (?:ter|di)jual", r"terjual habis", r"kehabisan stok", r"(?:tidak|tak) (?:tersedia|dijual)", r"สินค้าหมด(?:ชั่วคราว|สต[๊็]?อ[ค๊]?ก?)?", r"หมดสต[๊็]?อก", r"ไม่มี(?:สินค้า|ของ)", r"स्टॉक में नहीं(?: है)?", r"उपलब्ध नहीं(?: है)?", r"बिक (?:चुका|गया)", r"স্টক (?:শেষ|নেই)", r"առկա չէ", r"არ არის (?:მარაგში|ხელმისაწვდომი)|ამოწურულია",
)  # fmt: skip
#: Texts that say so as a whole; within a text they say other things.
_SOLD_ALONE = _any(
    r"sold", r"no longer for sale", r"verkauft", r"vendue?", r"vendid[oa]", r"venduto", r"verkocht", r"sprzedan[eya]", r"prod[aá]no", r"predané", r"eladva", r"såld", r"solgt", r"myyty", r"müüdud", r"pārdots", r"parduota", r"neturime", r"v[aâ]ndut", r"prodano", r"продано|продан", r"недоступен", r"satıldı", r"πουλήθηκε", r"נמכר", r"مباع|تم البيع", r"売却済み?", r"판매됨", r"已售", r"đã bán", r"habis|terjual", r"หมด|ขายแล้ว", r"slut", r"ni zaloge",
)  # fmt: skip
#: Offers to tell when it is there again: they stand on pages of things that can be had as well.
_TELL_ME = _any(
    r"(?:notify|e-?mail|alert|text|tell|message|remind) me(?: when.{0,40}| if.{0,40}| of availability.{0,20})?", r"let me know when.{0,40}", r"e-?mail when (?:available|in stock)", r"notify when (?:available|in stock)", r"join (?:the )?wait(?:ing)? ?list", r"get (?:stock|restock) (?:alert|notification)s?",
    r"benachrichtig(?:en|t mich|e mich|ung).{0,40}", r"(?:per e-?mail )?erinnern,? (?:wenn|sobald).{0,30}", r"(?:me prévenir|m'alerter|m['’]avertir|prévenez-moi|alertez-moi|être (?:alerté|averti|prévenu)).{0,40}", r"av[ií]s(?:ar|ad)?-?[ae]?-?me(?: (?:quando|cuando|de).{0,30})?", r"notif[ií](?:car|que|quen)?-?me.{0,20}", r"avvis(?:a|ate)mi(?: quando.{0,30})?", r"(?:meld|mail|laat)(?: het)? mij(?: (?:als|wanneer|weten).{0,30})?", r"houd mij op de hoogte", r"powiadom (?:mnie|o dostępności).{0,30}", r"(?:hlídat|strážiť|sledovat|sledovať) (?:dostupnos[tť]|naskladn[ěe]n[íi]e?)", r"értesít(?:ést kérek|sen|és|s).{0,30}", r"bevaka(?: produkt(?:en)?)?\b", r"(?:giv|gi) (?:mig|meg) besked", r"få besked når.{0,30}", r"varsle meg.{0,20}", r"ilmoita,? kun.{0,30}", r"anun[țt]ă-mă.{0,20}|alert[ăa] (?:de )?stoc", r"obav?[ij]esti(?:te)? me.{0,20}", r"(?:уведомить|сообщить|известить)(?: меня)? о? ?(?:поступлении|наличии|появлении).{0,20}", r"повідомити(?: мене)? (?:про|коли).{0,20}", r"уведоми ме.{0,20}",
    r"gelince haber ver", r"ειδοποί?ησ[ήη](?: με)?.{0,20}|ενημέρωσέ με.{0,20}", r"(?:עדכנו|הודיעו) (?:אותי|לי).{0,20}", r"(?:أعلمني|أخبرني|نبهني) (?:عند|عندما).{0,20}", r"(?:به من )?اطلاع (?:بده|دهید).{0,12}|موجود شد (?:به من )?(?:خبر|اطلاع).{0,12}", r"(?:再)?入荷(?:お知らせ|通知|連絡|したら).{0,12}", r"재입고 ?알림.{0,8}", r"(?:到|補|补)[貨货](?:時|时)?(?:通知|提醒)我?|[貨货]到(?:請)?通知我?", r"(?:thông báo|báo) (?:cho tôi )?khi (?:có hàng|hàng về)", r"(?:beri tahu|ingatkan) saya.{0,20}", r"แจ้งเตือนเมื่อมี(?:สินค้า|ของ)",
)  # fmt: skip
_PRICE = _any(r"price|preis|prix|preci|preço|prezzo|prijs|cen[ayęuě]\b|pris\b|цен|fiyat|価格|가격|價格|价格")
#: Texts that say the thing can be had.
_IN_STOCK = _any(
    r"in[ -]stock", r"\bavailable(?: now| online| for (?:delivery|pickup)| immediately)?", r"ready to ship", r"(?:usually )?(?:ships|dispatched|dispatches) (?:within|in) .{1,20}", r"(?:auf|ab|an) lager\b", r"lagernd", r"lieferbar", r"\bverfügbar", r"vorrätig", r"(?:en|em) stock", r"disponible", r"hay existencias", r"quedan? \d+ unidad(?:es)?", r"disponibil(?:e|ità immediata)\b", r"disponível", r"em estoque", r"op voorraad", r"leverbaar",
    r"\bdostępny", r"w magazynie", r"skladem", r"na sklad[eě]", r"skladom", r"ihned k (?:odeslání|expedici)", r"raktáron", r"készleten", r"i lager", r"på lager", r"varasto(?:ssa|sta)\b", r"\bsaatavilla", r"\blaos(?: olemas)?\b", r"\bsaadaval", r"[îi]n stoc", r"\bdisponibil\b", r"na stanju", r"na zalihi", r"raspoloživo", r"na zalogi", r"\bdostupno\b", r"na voljo", r"pieejams", r"ir noliktavā", r"(?:yra )?sandėlyje", r"\bturime\b",
    r"в наличии", r"на складе", r"в наявності", r"готовий до відправки", r"в наличност", r"\bналич(?:ен|но)\b", r"на склад\b", r"stokta(?: var)?", r"\bδιαθέσιμ[οη]", r"σε απόθεμα", r"άμεση (?:παραλαβή|παράδοση)", r"ב?מלאי", r"\bמלאי", r"\bمتوفر", r"\bمتاح", r"\bموجود", r"在庫(?:あり|有り?|僅少|わずか)", r"残り\s?\d+点", r"재고 ?있음", r"구매 ?가능", r"(?:尚?有|現|现)(?:庫存|库存|[貨货])", r"còn hàng", r"\b(?:stok )?tersedia", r"มีสินค้า",
)  # fmt: skip
#: Words that change nothing in what a text says of the thing.
_FILLER = _any(
    r"^[^:：\d]{0,20}(?:availab|stock|status|estado|stato|statut|disponib|dostępn|dostupn|verfügb|bestand|lager|beschikbaar|készlet|наличи|доступн|наявн|статус|stok|durum|διαθεσιμ|זמינות|מלאי|التوفر|الحالة|tình trạng|kho hàng|สถานะ|状态|狀態|庫存|库存|在庫|재고|상태)[^:：\d]{0,20}[:：]",
    r"\b(?:this|the|that|item|product|article|we['’]?re|sorry|unfortunately|currently|temporarily|online|is|it|at the moment|right now|from our warehouse|status|availability|stock|only|left|still|ships? \w+)\b",
    r"\b(?:dieser|dieses|das|der|artikel|produkt|ist|sind|leider|derzeit|zur ?zeit|momentan|aktuell|vorübergehend|online|sofort|noch|verfügbarkeit|lieferzeit \d.{0,14})\b", r"\b(?:cet|ce|le|article|produit|est|en|actuellement|momentanément|temporairement|malheureusement|désolé|disponibilité)\b|n['’]est", r"\b(?:este|esta|el|la|art[íi]culo|producto|est[áa]|temporalmente|actualmente|moment[áa]neamente|por el momento|lo sentimos|disponibilidad)\b", r"\b(?:o|produto|artigo|no momento|temporariamente|moment[aâ]neamente|atualmente|disponibilidade)\b", r"\b(?:il|questo|articolo|prodotto|[èe]|attualmente|momentaneamente|temporaneamente|al momento|purtroppo|subito|disponibilità)\b", r"\b(?:dit|het|is|helaas|momenteel|tijdelijk|direct|beschikbaarheid)\b",
    r"\b(?:ten|produkt|towar|jest|obecnie|chwilowo|aktualnie|niestety|tymczasowo|dostępność)\b", r"\b(?:tento|produkt|zboží|tovar|je|momentálně|momentálne|dočasně|dočasne|bohužel|bohužiaľ|aktuálně|dostupnos[tť])\b", r"\b(?:a|az|ez|termék|jelenleg|átmenetileg|sajnos)\b", r"\b(?:den|denna|denne|vara|varen|produkten?|är|er|tyvärr|desværre|dessverre|tillfälligt|midlertidigt?|finns|för närvarande)\b", r"\b(?:tuote|on|heti|tilapäisesti|valitettavasti|hetkel|toode|prece|šobrīd|prekė|produsul?|momentan|temporar|este|proizvod|je|trenutno|izdelek)\b", r"\b(?:этот|товар|сейчас|временно|к сожалению|есть|цей|зараз|тимчасово|на жаль|продукт\w*|е|є|в момента)\b", r"\b(?:bu|ürün|maalesef|geçici olarak|şu an(?:da)?|το|προϊόν|προσωρινά|είναι|דיל|המוצר|המוצר הזה|זמנית|المنتج|هذا|حاليا(?:ً)?|این|کالا|فعلا|در حال حاضر)\b", r"この商品は|現在|ただいま|申し訳ございません|です|しました|상품입니다|입니다|현재|해당 ?상품은?|일시|된|该商品|該商品|此商品|商品|目前|暂时|暫時|sản phẩm(?: này)?|hiện|tạm thời|produk(?: ini)?|saat ini|สินค้านี้|ขณะนี้", r"[\d\W_]+",
)  # fmt: skip
#: Words of what else may be had or not than the thing itself.
_ELSEWHERE = _any(
    r"\?", r"\bsizes?\b", r"\bcolou?rs?\b", r"pick-? ?up", r"collect(?:ion)?\b", r"in[- ]stores?\b", r"\bstores?\b", r"shipping|delivery", r"\bgift", r"financ", r"reviews?", r"\bimage|\bphoto|\bvideo|preview", r"\bchat\b", r"when |if |\bonce\b", r"\bnever\b", r"größe|farbe|filiale|abhol|versand|geschenk|\bbild\b|bewertung", r"\btailles?\b|couleur|magasin|retrait|expédition|livraison|cadeau|avis\b", r"\btallas?\b|\btienda|recogida|env[íi]o|regalo|\btamanho|\bloja|retirada|\bentrega|presente", r"\btagli[ae]\b|negozi|ritiro|spedizione|consegna|regalo", r"\bmaat\b|winkel|afhal|bezorg|verzend", r"rozmiar|salon|odbiór|dostaw|velikost|veľkosť|prodejn|predajn|doprav|méret|üzlet|szállít|storlek|butik|frakt|leverans|størrelse|levering|koko\b|myymälä|toimitus", r"размер|магазин|доставк|самовывоз|розмір|beden|mağaza|kargo|teslimat|μέγεθος|κατάστημα|מידה|حجم|مقاس|توصيل", r"サイズ|店舗|配送|사이즈|매장|배송|尺寸|门店|門市|配送|kích thước|ukuran|toko",
)  # fmt: skip


#: Characters of a text that says this and little else.
_MOST = 300


@lru_cache(maxsize=4096)
def sold_out(text: str) -> bool:
    """Tell whether a text says of the thing, and of little else, that it cannot be had."""
    return _SOLD_ALONE.fullmatch(text.strip(" .!*•:-–")) is not None or _says(text, _SOLD_OUT)


@lru_cache(maxsize=4096)
def tells_when_back(text: str) -> bool:
    """Tell whether a text offers to send word when the thing is there again."""
    found = _TELL_ME.search(text)
    return found is not None and _PRICE.search(text) is None and len(found[0]) >= 0.5 * len(text)


@lru_cache(maxsize=4096)
def in_stock(text: str) -> bool:
    """Tell whether a text says of the thing, and of little else, that it can be had."""
    return not sold_out(text) and not tells_when_back(text) and _says(text, _IN_STOCK)


def _says(text: str, pattern: re.Pattern[str]) -> bool:
    """Tell whether a text says this and nothing of size, shop or shipping; half of what is no filler at least."""
    found = pattern.search(text) if len(text) <= _MOST else None
    if found is None or _ELSEWHERE.search(text[: found.start()] + " " + text[found.end() :]):
        return False
    rest = _FILLER.sub("", pattern.sub("", text))
    return len(rest) <= len(found[0])
