"""The words by which shops name things, in the languages of the markets; folded, matched as patterns."""

from __future__ import annotations

import re


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


#: Texts of the button that puts the thing in the cart, as a whole.
BUY = _any(
    r"add(?: item)? to (?:my )?(?:shopping )?(?:cart|bag|basket|trolley|order)",
    r"buy(?: it)?(?: now)?", r"order now", r"pre-?order(?: now)?", r"purchase", r"place bid|bid now|submit bid", r"book now",
    r"(?:in|zum) (?:den )?(?:warenkorb|einkaufswagen|korb)(?: legen)?", r"in die einkaufstasche", r"jetzt (?:kaufen|bestellen|vorbestellen)", r"sofort-?kaufen", r"kaufen",
    r"ajouter au panier", r"ajouter (?:à|a) (?:mon|votre|la) (?:panier|sac|commande)", r"acheter(?: maintenant| cet article)?", r"achat (?:immédiat|express|rapide)", r"j'ach[eè]te", r"commander", r"ajouter",
    r"(?:añadir|agregar|adicionar)(?: al?| ao)? (?:carrito|carro|cesta|bolsa|carrinho|cesto)", r"comprar(?: ahora| agora| ya)?", r"a[ñn]adir a la (?:cesta|bolsa)", r"adicionar à sacola", r"cómpralo ya",
    r"aggiungi al (?:carrello|cestino)", r"aggiungi alla borsa", r"acquista(?: ora| subito)?", r"compral[oa] subito", r"metti nel carrello",
    r"(?:in|aan) (?:mijn |de )?winkel(?:wagen|mand(?:je)?)(?: toevoegen| plaatsen)?", r"toevoegen aan (?:winkelwagen|winkelmandje)", r"in winkelwagen", r"bestellen", r"koop nu", r"nu kopen",
    r"do koszyka", r"dodaj do koszyka", r"kup teraz", r"kup(?:uj)?", r"zamów",
    r"l[äa]gg (?:i|till i) (?:varukorg(?:en)?|kundvagn(?:en)?|shoppingbag(?:en)?)", r"k[öo]p(?: nu)?", r"l[æaä]g i (?:indk[øo]bs)?kurv(?:en)?", r"tilf[øo]j til (?:indk[øo]bs)?kurv(?:en)?", r"k[øo]b(?: nu)?", r"legg i handle(?:kurv|vogn)(?:en)?", r"kj[øo]p(?: nå)?",
    r"lis[äa]{1,2} (?:ostos)?kori(?:in|n)", r"osta(?: heti| nyt)?", r"lisa (?:ostu)?korvi", r"pievienot grozam", r"ielikt grozā", r"likt grozā", r"pirkt", r"į krepšelį", r"pirkti",
    r"(?:do|přidat do) košíku", r"vložit do košíku", r"koupit", r"(?:do|pridať do|vložiť do) košíka", r"kúpiť", r"kosárba(?: teszem| rakom)?", r"megveszem", r"megvásárlás",
    r"ad[aă]ug[aă] [iî]n co[sș]", r"cump[aă]r[aă](?: acum)?", r"dodaj u (?:košaricu|korpu)", r"u ko[sš]aricu", r"kupi(?: odmah)?", r"v košarico", r"dodaj v košarico",
    r"добавить в корзину", r"в корзину", r"купить(?: сейчас| в 1 клик)?", r"заказать", r"до кошика", r"(?:додати )?(?:до|в) кошика?", r"купити", r"добави в количката", r"купи", r"додај у корпу",
    r"sepete ekle", r"hemen al", r"satın al", r"προσθήκη στο καλάθι", r"(?:βάλε το )?στο καλάθι", r"αγορά",
    r"הוסף ל(?:סל|עגלה)", r"הוספה ל(?:סל|עגלה)", r"קנה עכשיו", r"לרכישה", r"أضف (?:إلى|الى) (?:السلة|عربة التسوق)", r"اشتر(?:ي)? الآن", r"افزودن به سبد(?: خرید)?",
    r"カートに(?:入れる|追加)", r"買い物かごに入れる", r"(?:今すぐ)?購入(?:する|手続きへ)?", r"注文する", r"장바구니(?:에)?(?: 담기| 추가)?", r"구매하기", r"바로 ?구매", r"加入(?:購物車|购物车|購物袋|购物袋)", r"放入(?:購物車|购物车)", r"(?:立即|立刻|馬上|马上)(?:購買|购买|買|买|搶購|抢购|訂購|订购|下單|下单|预订|預訂|结帳|結帳)", r"直接购买", r"直接購買", r"我要(?:購買|购买|買)",
    r"thêm vào giỏ(?: hàng)?", r"mua ngay", r"tambah(?:kan)? ke (?:keranjang|troli)", r"beli sekarang", r"เพิ่มลง(?:ใน)?(?:ตะกร้า|รถเข็น)", r"หยิบใส่(?:ตะกร้า|รถเข็น)", r"ซื้อ(?:เลย|ทันที)?",
)  # fmt: skip

#: Texts of the button that leads to the seller, on pages that do not sell themselves.
CONTACT = _any(
    r"(?:contact|message|call|e-?mail|chat with|write to) (?:the )?(?:seller|owner|advertiser|dealer|shop)", r"send (?:a )?(?:message|enquiry|inquiry)", r"reply(?: to ad)?", r"make (?:an )?offer", r"(?:go to|visit|view(?: at)?) (?:the )?(?:store|shop|seller|deal|offer)", r"show (?:phone )?number",
    r"(?:anbieter|verkäufer) (?:kontaktieren|anrufen)", r"nachricht (?:senden|schreiben)", r"anfrage senden", r"zum (?:shop|angebot|händler)", r"(?:contacter|appeler) (?:le |l')?(?:vendeur|annonceur)", r"envoyer un message", r"voir (?:l')?offre", r"contactar(?: (?:con )?(?:el |al )?(?:vendedor|anunciante))?", r"enviar mensa(?:je|gem)", r"ver (?:oferta|telefone|teléfono|en tienda)", r"falar com (?:o )?vendedor", r"contatta(?: (?:il )?venditore)?", r"invia messaggio", r"vai al negozio", r"bericht (?:sturen|versturen)", r"naar (?:de )?(?:winkel|shop)",
    r"(?:napisz|wyślij) wiadomość", r"zadzwoń", r"idź do sklepu", r"do obchodu", r"kontaktovat prodejce", r"написать(?: продавцу| сообщение)?", r"позвонить(?: продавцу)?", r"показать (?:телефоны?|номер)", r"(?:перейти )?в магазин", r"написати", r"satıcıya (?:mesaj gönder|sor)", r"連絡する", r"문의하기", r"채팅하기", r"聯絡賣家|联系卖家",
)  # fmt: skip

#: What stands before or in an amount that is not the price: delivery, instalments, savings, the old price, a unit's price.
SHIPPING = _any(
    r"shipping", r"deliver(?:y|ed)", r"postage", r"p&p", r"versand", r"lieferung", r"\bporto\b", r"livraison", r"frais de port", r"env[ií]o", r"entrega", r"frete", r"spedizion[ei]", r"consegna", r"verzend", r"bezorg", r"wysyłk", r"dostaw", r"doprav", r"szállítás", r"frakt", r"fragt", r"levering", r"toimitus", r"piegāde", r"pristatym", r"livrar", r"transport", r"dostav", r"доставк", r"kargo", r"teslimat", r"μεταφορικά", r"αποστολή", r"משלוח", r"شحن", r"توصيل", r"送料", r"배송", r"運費", r"运费", r"免運", r"取貨", r"運送", r"宅配", r"郵寄", r"快[遞递]", r"phí vận chuyển", r"ongkir", r"ค่าจัดส่ง",
)  # fmt: skip
INSTALMENT = _any(
    r"per month", r"/\s?mo(?:nth)?\b", r"monthly", r"instal+ments?", r"interest[- ]free", r"\bapr\b", r"payments of", r"pay in \d", r"\bklarna\b", r"afterpay", r"affirm\b", r"\bfinanc", r"\brate[n]?\b.{0,12}(?:ab|mtl|monat)", r"mtl\.?", r"monat(?:lich|e|srate)?", r"\brat(?:en|a|e|y)\b", r"finanzier", r"par mois", r"/\s?mois", r"mensualit", r"en \d+ fois", r"\d+x sans frais", r"cuotas?", r"mensual", r"\bal mes\b", r"parcela", r"\d+\s?x\s+(?:de\s+)?(?:R\$|s/ ?juros|sem juros)", r"sem juros", r"prestaç", r"por mês", r"/\s?m[êe]s\b", r"\bal mese\b", r"\brat[ae] da", r"per maand", r"/\s?mnd", r"\bp\.?\s?m\.", r"miesięcznie", r"/\s?mies", r"\brat\b", r"měsíčně", r"splát", r"mesačne", r"/\s?m[eě]s", r"\bhavi\b", r"részlet", r"/\s?mån", r"delbetal", r"\bpr\.? m(?:å|n)", r"/\s?md", r"\bkk\b", r"kuukau", r"mēnes", r"mėn\b", r"pe lun[aă]", r"\brate\b", r"mjesečno", r"mesečno", r"\bobrok", r"rassrochk", r"в месяц", r"/\s?мес", r"рассрочк", r"кредит", r"на місяць", r"taksit", r"δόσεις", r"תשלומים", r"أقساط", r"قسط", r"شهري", r"分割", r"月々", r"할부", r"分期", r"每期", r"期0利率", r"trả góp", r"cicilan", r"ผ่อน", r"\bemi\b",
)  # fmt: skip
#: What follows an amount that is asked every month.
MONTHLY = _any(
    r"(?:/|per|a|pro|im|par|al|por|ao|per|w|za|na|i|v|в|на|за)?\s?(?:month|mo\b|mth|monat|mtl|monatlich|mois|mes\b|mensual|m[eê]s\b|mensais|mese\b|maand|mnd|miesi[aą]c|mies\b|m[eě]s[ií]c|měs|mesiac|hó|månad|mån\b|måned|md\b|kuukau|kk\b|mēnes|mėn|lun[aă]\b|mjesec|mesec|мес|месяц|місяць|месец|ay\b|μήνα|חודש|شهر|月|개월|tháng|bulan|เดือน)",
)  # fmt: skip
SAVING = _any(
    r"\bsav(?:e|ing)", r"you save", r"discount", r"\boff\b", r"cash ?back", r"voucher", r"coupon", r"gift card", r"\bpoints\b", r"reward", r"sie sparen", r"ersparnis", r"rabatt", r"gutschein", r"économi", r"remise", r"réduction", r"ahorr", r"descuento", r"descont", r"economiz", r"poupa", r"risparm", r"sconto", r"bespaar", r"korting", r"oszczęd", r"rabat", r"ušetř", r"sleva", r"ušetr", r"zľava", r"megtakarít", r"kedvezmény", r"\bspar(?:a|er)?\b", r"säästä", r"alennus", r"economise", r"reducere", r"ušted", r"popust", r"экономи", r"скидк", r"выгод", r"бонус", r"кешб[эе]к", r"кэшб[эе]к", r"знижк", r"отстъпк", r"indirim", r"έκπτωση", r"הנחה", r"חיסכון", r"خصم", r"توفير", r"ポイント", r"\bpt\b", r"割引", r"포인트", r"적립", r"할인(?!가)", r"折扣", r"點數", r"回饋", r"折\s?\$", r"trade.?in", r"minimum (?:order|spend)", r"deposit", r"\bcaution\b", r"warranty", r"garant", r"insurance", r"versicherung", r"gift wrap",
)  # fmt: skip
BEFORE = _any(
    r"\bwas\b", r"\brrp\b", r"\bmsrp\b", r"list(?:ed)? price", r"reg(?:ular|\.) price", r"original(?:ly| price)?", r"compare (?:at|to)", r"\bretail(?: price)?", r"\bbefore\b", r"typical price", r"\buvp\b", r"unverb", r"statt\b", r"bisher", r"vorher", r"\behem", r"alter preis", r"listenpreis", r"prix (?:conseillé|public|initial|habituel|d'origine|de référence|barré)", r"au lieu de", r"\bantes\b", r"precio (?:anterior|original|normal|regular|de lista|habitual)", r"\bpvpr?\b", r"en vez de", r"preço (?:anterior|original|normal)", r"\bde:?\s*(?=r\$)", r"prezzo (?:di listino|consigliato|precedente|originale)", r"\banziché\b", r"invece di", r"listino", r"adviesprijs", r"\bvan\b", r"oude prijs", r"cena (?:regularna|katalogowa|przed|sugerowana|rynkowa)", r"najniższa cena", r"poprzednia cena", r"původní", r"běžná cena", r"doporučená cena", r"pôvodn", r"bežná cena", r"eredeti ár", r"régi ár", r"\bord(?:\.|inarie)", r"tidigare", r"rek\.? ?pris", r"f[øö]r(?:pris|e)?\b", r"normalpris", r"vejl", r"\bnorm(?:aali)?hinta", r"\bovh\b", r"pret (?:vechi|recomandat)|preț vechi|prp\b", r"stara cijena", r"redovna cijena", r"\bmpc\b", r"najniža cijena", r"старая цена", r"прежняя цена", r"цена без скидки", r"стара ціна", r"стара цена", r"eski fiyat", r"liste fiyat", r"αρχική", r"προηγούμενη", r"π\.?λ\.?τ", r"מחיר (?:קודם|מחירון|רגיל|לפני)", r"במקום", r"قبل", r"السعر السابق", r"定価", r"通常価格", r"参考価格", r"メーカー希望", r"정가", r"정상가", r"소비자가|시중가|권장 ?소비자", r"원가", r"原價", r"原价", r"市價", r"市价", r"建議售價", r"定價", r"giá gốc", r"harga normal",
)  # fmt: skip
#: Beside what may be bought with the thing: cover, service, assembly, more things.
ADD_ON = _any(
    r"protection(?: plan)?\b", r"\bcare\+", r"care plan", r"extended (?:cover|service)", r"\bcover(?:age)?\b", r"assembly", r"installation", r"gift (?:box|bag|message)", r"engraving", r"\badd (?:for|on)\b", r"\badd-on", r"bundle", r"together", r"\+ ?\d+ years?", r"when (?:bought|purchased) (?:together|with)",
    r"schutz(?:brief|paket)?\b", r"absicherung", r"(?:auf|ab)bau(?:service|hilfe)", r"montage", r"altgerät", r"geschenk(?:box|verpackung|papier)", r"gravur", r"\bdazu\b", r"\bim set\b", r"assurance", r"installation", r"emballage cadeau", r"reprise", r"seguro", r"montaje", r"instalación", r"montagem", r"instalação", r"assicurazione", r"montaggio", r"verzekering", r"beschermingsplan",
    r"ubezpieczeni", r"montaż", r"pojištění", r"poistenie", r"biztosítás", r"försäkring", r"forsikring", r"vakuutus", r"apdrošināšan", r"draudim", r"asigurare", r"osiguranj", r"zavarovanj", r"страховк", r"страхован", r"установк", r"сборк", r"страхування", r"застраховк", r"sigorta", r"ασφάλιση", r"επέκταση εγγύησης", r"ביטוח", r"אחריות", r"ضمان", r"تأمين", r"延長保証", r"保証", r"保固", r"延保", r"보증", r"保险|保險", r"bảo hành", r"asuransi", r"ประกัน",
)  # fmt: skip
#: Before an amount that was converted for the reader's convenience.
ABOUT = _any(r"approx", r"\bestimate", r"\bestimat(?:ion|ed)", r"schätz(?:preis|wert)|taxe\b", r"\bstima\b", r"estimación|estimado", r"szacun", r"\bcirca\b", r"\bca\.", r"ungefähr", r"umgerechnet", r"\benviron\b", r"aproximad", r"circa", r"ongeveer", r"około", r"přibližně", r"примерно", r"приблизно", r"yaklaşık", r"約|约", r"およそ")  # fmt: skip
#: The word for the price that stands before it, as a whole.
PRICE = _any(
    r"(?:our |your |current |sale |now |total |online |web |special )?price|now|only|today", r"(?:ihr |unser |jetziger |aktueller )?preis|jetzt|nur|kaufpreis", r"(?:notre |votre )?prix", r"(?:tu )?precio|ahora", r"preço|por", r"prezzo|ora|solo", r"prijs|nu", r"cena(?: (?:brutto|sprzedaży|promocyjna))?|teraz", r"(?:naše )?cena", r"(?:akciós |bruttó |web ?)?ár", r"(?:v[åa]r |din |nu |kampanj|tilbuds|butikk?s?)?pris", r"hinta", r"cenă|pre[țt]", r"cijena", r"(?:наша )?цена", r"ціна", r"fiyat", r"τιμή", r"מחיר", r"السعر", r"قیمت", r"(?:販売)?価格|本体価格|特別価格|セール価格", r"(?:판매|할인)?가격|판매가", r"(?:價格|价格|售價|售价|特價|特价|優惠價|现价)", r"giá(?: bán)?", r"harga", r"ราคา",
)  # fmt: skip
#: Beside an amount that holds for one way of payment.
PAYMENT = _any(r"\bpix\b", r"boleto", r"[àa] vista", r"transferencia", r"transferência", r"en efectivo", r"havale", r"\beft\b", r"bank ?transfer", r"überweisung", r"vorkasse", r"kapıda", r"наличными", r"готівкою", r"by cheque|with cash")  # fmt: skip
PER_UNIT = _any(
    r"(?:/|(?<![^\W\d_])(?:per|pro|par|por|al|à l[ea']|za|á))\s?(?:1(?:00|000)?\s?)?(?:k?gr?|kilo(?:gram)?m?|m?l|lit(?:er|re|ro|ra|r)|c?m[²2³3]?|meter|mètre|metro|st(?:ü|u)ck|st|pcs?|pi(?:è|e)ce|unit|unidad|oz|lb|fl\.? ?oz|sq\.? ?(?:ft|m)|кг|шт|л|м[²2]?|g)\b", r"unit price", r"grundpreis", r"price per", r"jednotkov", r"cena jednostkowa", r"prix unitaire", r"prix au", r"egységár", r"jämförpris", r"単価", r"ex(?:cl)?\.? (?:vat|tax)", r"exkl", r"\bhors taxe|\bht\b", r"nett[oó]", r"sin iva", r"sem iva", r"senza iva|\biva escl", r"bez (?:dph|vat|pdv|пдв|ндс)", r"без (?:пдв|ндс)", r"税抜", r"税別", r"plus tax",
)  # fmt: skip

#: Headings under which other things are offered.
RELATED = _any(
    r"(?:you (?:may|might|could) (?:also )?(?:like|love|need|be interested))", r"related (?:products|items|ads)", r"similar (?:products|items|ads|listings|sponsored)", r"customers? (?:also|who)", r"people (?:also|who)", r"(?:frequently|often) bought", r"recommend(?:ed|ations)", r"recently viewed", r"more (?:from|like|to love|items)", r"complete (?:the|your) (?:look|set|outfit)", r"shop the look", r"best ?sellers", r"goes (?:well|great) with", r"accessories", r"sponsored", r"other (?:products|items|ads|sellers)", r"pair(?:s|ed)? (?:it )?with", r"explore",
    r"ähnliche", r"das könnte (?:ihnen|dir|euch)", r"(?:wird|werden) oft (?:zusammen )?gekauft", r"kunden (?:kauften|interessierten|haben)", r"passend(?:es|e)? (?:dazu|zubehör)", r"zubehör", r"zuletzt (?:angesehen|gesehen)", r"empfehl", r"weitere (?:produkte|artikel|anzeigen)", r"alternativen", r"dazu passt",
    r"produits? (?:similaires|associés|complémentaires)", r"vous (?:aimerez|pourriez)", r"(?:les|nos) clients", r"articles similaires", r"déjà vus?", r"récemment (?:vus?|consultés?)", r"accessoires", r"à découvrir", r"nos suggestions", r"complétez",
    r"productos? (?:relacionad|similar|recomendad)", r"también te (?:puede|podría)", r"te puede interesar", r"vistos? recientemente", r"clientes (?:también|que)", r"produtos? (?:relacionad|semelhant|similar|recomendad)", r"(?:você|quem) (?:também|viu|comprou)", r"também (?:viram|compraram|poderá)", r"quem viu", r"compre junto", r"aproveite e compre",
    r"prodotti (?:correlati|simili|consigliati)", r"potrebbe(?:ro)? (?:anche )?(?:interessar|piacer)", r"visti di recente", r"(?:spesso|acquistati|comprati) (?:comprati |acquistati )?insieme", r"chi ha (?:comprato|visto|acquistato)", r"gerelateerde", r"vergelijkbare", r"anderen (?:bekeken|kochten)", r"ook interessant", r"misschien vind", r"recent bekeken", r"podobne", r"klienci (?:kupili|oglądali|wybrali)", r"polecan", r"ostatnio (?:oglądane|przeglądane)", r"zobacz (?:także|również|też)", r"podobn[éeý]", r"souvisej[ií]c", r"mohlo by se", r"súvisiac", r"hasonló", r"kapcsolódó", r"ajánl(?:ott|juk)", r"ezt is",
    r"liknande", r"relaterade", r"du kanske", r"andra köpte", r"lignende", r"relaterede", r"andre (?:købte|kjøpte|så)", r"måske", r"samankaltais", r"saatat", r"muut katsoivat", r"līdzīg", r"panaš", r"produse (?:similare|recomandate|asemănătoare)", r"alții au", r"clienții", r"slični", r"povezani", r"preporuč", r"podobni izdelki", r"похожие", r"рекоменду", r"с этим товаром", r"аксессуары", r"вы смотрели", r"недавно просмотр", r"покупают", r"также", r"схожі", r"подобни", r"свързани", r"benzer", r"bunlar(?:ı|a) (?:da )?(?:baktı|aldı)", r"σχετικά", r"παρόμοια", r"מוצרים (?:דומים|נוספים|קשורים)", r"אולי (?:גם )?(?:תאהב|יעניין)", r"منتجات (?:مشابهة|ذات صلة)", r"関連", r"おすすめ", r"最近(?:チェック|見た)", r"함께", r"추천", r"연관", r"相關", r"相关", r"推薦", r"推荐", r"其他人", r"猜你", r"sản phẩm (?:tương tự|liên quan)", r"produk (?:terkait|serupa)", r"สินค้าที่(?:เกี่ยวข้อง|คล้าย)",
    r"\bmehr (?:von|aus)\b", r"(?:autres|plus de) (?:produits|articles|offres|annonces)", r"(?:otros|más) (?:productos|artículos|anuncios)", r"(?:outros|mais) (?:produtos|artigos|anúncios)", r"altri (?:prodotti|articoli|annunci)", r"(?:meer|andere) (?:producten|artikelen|advertenties)", r"(?:inne|więcej) (?:produkt|ofert|ogłosze)", r"(?:další|ďalšie) (?:produkt|nabíd|zboží|tovar)", r"további (?:termék|ajánlat)", r"(?:fler|andra) (?:produkter|varor)", r"(?:flere|andre) (?:produkter|varer)",
    r"(?:другие|ещё|еще) (?:товары|предложения|объявления)", r"інші (?:товари|оголошення)", r"diğer ürünler", r"(?:άλλα|περισσότερα) προϊόντα", r"עוד (?:מוצרים|מאותה)", r"منتجات أخرى", r"(?:他の|その他の)(?:商品|出品)", r"다른 (?:상품|판매)", r"更多.{0,30}(?:商品|产品|產品)", r"sản phẩm khác", r"produk lain",
)  # fmt: skip

#: Titles and headings of a page that says there is no such page.
NOT_FOUND = _any(
    r"\b404\b", r"page (?:was |could )?(?:not|cannot be) found", r"(?:page|product|item) not found", r"(?:can'?t|cannot|couldn'?t) (?:find|be found)", r"does(?: not|n'?t) exist", r"no longer exists?", r"seite (?:wurde )?nicht gefunden", r"nicht gefunden", r"page (?:introuvable|non trouvée|inexistante)", r"n'existe (?:pas|plus)", r"página no (?:encontrada|existe)", r"no encontrad", r"página não (?:encontrada|existe)", r"não encontrad", r"pagina (?:non trovata|inesistente)", r"non (?:è stata |è )?trovat", r"pagina niet gevonden", r"niet gevonden", r"nie (?:znaleziono|istnieje)", r"(?:stránka|strana) (?:nenalezena|neexistuje|nebyla nalezena|sa nenašla)", r"nem található", r"sidan (?:hittades inte|finns inte)", r"hittades inte", r"siden (?:blev ikke fundet|findes ikke|finnes ikke|ble ikke funnet)", r"sivua ei löyt", r"pagina nu a fost", r"negăsit", r"stranica nije", r"nije pronađen", r"(?:страница|товар) не найден", r"не существует", r"сторінк[ау] не знайдено", r"не е намерен", r"sayfa bulunamadı", r"δεν βρέθηκε", r"(?:הדף|העמוד) לא נמצא", r"الصفحة غير موجودة", r"見つかりません", r"찾을 수 없", r"找不到", r"不存在", r"không tìm thấy", r"halaman tidak ditemukan", r"ไม่พบ",
)  # fmt: skip
