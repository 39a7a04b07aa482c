"""The words that stand beside prices, in the languages of the shops, and what they make of a price."""

from __future__ import annotations

from enum import Enum, auto


class Role(Enum):
    """What a word makes of the amount beside it."""

    SHIPPING = auto()
    INSTALMENT = auto()
    SAVING = auto()
    EXTRA = auto()
    UNTAXED = auto()
    WAS = auto()
    NOW = auto()
    FROM = auto()
    PER = auto()
    FREE = auto()
    NOT_PRICE = auto()
    IDLE = auto()


#: Phrases that stand before the amount they speak of; accents and case do not matter.
BEFORE = {
    Role.WAS: """
        was|were|rrp|r r p|msrp|m s r p|srp|mrp|m r p|list price|list|reg|regular|regular price|regularly|reg price|orig
        |original|originally|original price|old price|before|previously|previous price|compare at|compared to|comp value
        |retail|retail price|retails for|rrp price|worth|valued at|usual price|usually|normally|normal price|instead of
        |statt|anstatt|statt bisher|uvp|u v p|unverb preisempf|unverbindliche preisempfehlung|preisempfehlung|fruher|bisher
        |bisheriger preis|ehemals|ehem|alter preis|alt|vorher|war|streichpreis|normalpreis|normaler preis|regularer preis|preis vorher|alter vk|listenpreis
        |ursprunglich|originalpreis|ursprungspreis|neupreis|np|ladenpreis|bisheriger niedrigster preis|niedrigster preis
        |30 tage bestpreis|au lieu de|ancien prix|avant|prix conseille|prix de vente conseille|prix habituel|prix regulier|prix barre|prix public|prix d origine|prix initial
        |prix de reference|prix normal|etait|pvc|antes|antes de|precio anterior|precio original|precio normal|precio habitual
        |precio regular|precio de lista|pvpr|pvp recomendado|en lugar de|en vez de|era|de antes|preco anterior|preco original
        |preco normal|preco de|em vez de|prima|prezzo precedente|prezzo originale|prezzo di listino|listino|prezzo consigliato
        |anziche|invece di|prezzo pieno|costava|adviesprijs|oude prijs|normale prijs|winkelprijs|vanprijs|in plaats van|normaal
        |voorheen|bylo|byla|stara cena|cena regularna|cena katalogowa|cena sugerowana|poprzednia cena|cena przed|przed obnizka
        |najnizsza cena|najnizsza cena z 30 dni przed obnizka|zamiast|wczesniej|puvodni cena|puvodne|pred slevou|bezna cena
        |bezne|drive|moc|doporucena cena|povodna cena|povodne|pred zlavou|predtym|eredeti ar|regi ar|korabbi ar|listaar|teljes ar
        |pret vechi|pretul vechi|prp|pret initial|in loc de|redus de la|era de|стара цена|старая цена|было
        |цена до|раньше|вместо|прежняя цена|обычная цена|рекомендованная цена|ррц|цена без скидки|стара ціна|було|замість
        |раніше|звичайна ціна|предишна цена|беше|пцд|eski fiyat|eski fiyati|liste fiyati|onceki fiyat|piyasa fiyati|onceden
        |αρχικη τιμη|αρχικη|παλια τιμη|πριν|απο τιμη|αντι|λιανικη|προτεινομενη λιανικη|ord pris|ordinarie|ordinarie pris
        |tidigare|tidigare pris|tidigare lagsta pris|forr|rek pris|rekpris|innan|istallet for|ord|for pris|forpris|vejl pris
        |vejledende pris|vejl|normalpris|veil pris|veil|veiledende pris|for var|ennen|norm|normaalihinta|normaali hinta
        |normaalisti|ovh|alkuperainen hinta|aiempi hinta|stara cijena|prije|redovna cijena|mpc|redna cena|senoji kaina|buvo
        |veca cena|iepriekseja cena|vana hind|tavahind|harga asli|harga normal|sebelumnya|gia cu|gia goc|gia niem yet
        |truoc|قبل|كان|السعر السابق|السعر القديم|بدلا من|بدل|במקום|מחיר קודם|היה|מחיר מחירון|قیمت قبلی|قیمت قبل|به جای
    """,
    Role.NOW: """
        now|now only|today|sale|sale price|our price|special|special price|offer price|deal price|clearance|discounted price
        |price drop|reduced to|down to|jetzt|jetzt nur|nun|nur|nur noch|heute|nur heute|aktionspreis|angebotspreis|verkaufspreis|sonderpreis
        |reduziert auf|unser preis|auf|maintenant|prix promo|prix remise|prix solde|prix de vente|prix actuel|notre prix|desormais|aujourd hui|seulement
        |ahora|ahora solo|hoy|precio oferta|oferta|nuestro precio|precio actual|por|por apenas|agora|preco promocional
        |ora|adesso|oggi|offerta|prezzo scontato|prezzo speciale|a soli|nu|nu voor|vandaag|voor|voor maar|onze prijs|actieprijs
        |teraz|tylko teraz|cena promocyjna|nasza cena|obecnie|nyni|ted|nase cena|akcni cena|po sleve|po zlave|akciova cena
        |most|akcios ar|akcio|acum|pret nou|oferta speciala|сейчас|теперь|сегодня|цена со скидкой|новая цена|по акции|зараз
        |тепер|нова ціна|сега|нова цена|промо цена|simdi|indirimli|indirimli fiyat|sepette|kampanyali|τωρα|τιμη προσφορας|νεα τιμη
        |kampanjpris|rea|reapris|nupris|tilbud|tilbudspris|na|nyt|tarjous|tarjoushinta|sada|akcija|akcijska cijena|zdaj
        |dabar|tagad|nuud|sekarang|chi con|giam con|con|gia khuyen mai|الان|الآن|حاليا|עכשיו|מחיר מבצע|כעת|اکنون|قیمت ویژه
    """,
    Role.FROM: """
        from|from only|starting at|starting from|starts at|starts from|price from|as low as|prices from|begins at|ab|schon ab
        |bereits ab|preis ab|beginnend bei|a partir de|des|a compter de|desde|desde solo|precio desde|a contar de|da|a partire da
        |partire da|a partir da|vanaf|v a|va|reeds vanaf|od|juz od|ceny od|cena od|jiz od|uz od|de la|incepand de la
        |incepand cu|от|цена от|начиная с|від|ціна від|από|τιμη απο|fran|pris fran|priser fran|fr|fra|pris fra|alkaen|alk|hinta alk
        |lahtien|nuo|alates|alkaen hintaan|mulai|mulai dari|dari|tu|chi tu|gia tu|من|ابتداء من|يبدا من|تبدا من|החל מ|החל|מ|از
        |شروع از|mula sa|ξεκινα απο
    """,
    Role.SHIPPING: """
        shipping|shipping cost|shipping costs|shipping fee|delivery|delivery fee|postage|p p|p p&p|s h|freight|versand|versandkosten
        |versandgebuhr|lieferung|lieferkosten|porto|zustellung|livraison|frais de port|frais de livraison|expedition|envio
        |gastos de envio|costes de envio|costo de envio|costos de envio|frete|portes|custo de envio|spedizione|spese di spedizione
        |costi di spedizione|consegna|verzending|verzendkosten|bezorging|bezorgkosten|wysylka|dostawa|koszt dostawy|koszt wysylki
        |przesylka|doprava|dopravne|postovne|doruceni|szallitas|szallitasi dij|postakoltseg|livrare|transport|cost livrare
        |доставка|доставкой|стоимость доставки|доставки|пересылка|kargo|kargo ucreti|teslimat|μεταφορικα|αποστολη|frakt|fragt
        |leverans|levering|toimitus|toimituskulut|postikulut|ongkir|ongkos kirim|van chuyen|phi ship|ship|dostava|شحن|الشحن
        |التوصيل|توصيل|משלוח|ارسال|import charges|import fees|versandkostenfrei ab|free over
    """,
    Role.SAVING: """
        save|you save|saving|savings|discount|discounted by|spare|sparen|sie sparen|du sparst|gespart|ersparnis|rabatt
        |nachlass|preisvorteil|gutschein|economisez|vous economisez|economie|remise|reduction|ahorra|ahorras|ahorro|descuento
        |descuento de|ahorre|economize|economia|voce economiza|desconto|poupe|risparmi|risparmia|risparmio|sconto|bespaar|je bespaart
        |korting|voordeel|oszczedzasz|oszczednosc|rabat|taniej o|usetrite|sleva|zlava|usetris|megtakaritas|kedvezmeny|reducere
        |economisesti|скидка|экономия|вы экономите|выгода|знижка|економія|отстъпка|спестявате|indirim|kazanciniz|εκπτωση|κερδος
        |kerdizete|spara|du sparar|spar|du sparer|saastat|alennus|ustedite|usteda|popust|hemat|diskon|tiet kiem|giam|خصم|وفر
        |הנחה|חסכון|تخفیف|cashback|coupon|voucher|deposit|pfand|zzgl pfand|consigne|anzahlung|eco part|d eco part|dont|ecotaxe
        |points|bonus
    """,
    Role.INSTALMENT: """
        payments of|interest free payments of|instalments of|installments of|monthly|per month|pay in 4|pay in 3|or 4 payments of
        |mtl|monatlich|rate|raten zu|raten a|raten von|ratenzahlung|finanzierung ab|mensualites de|fois|en 3 fois|en 4 fois
        |cuotas de|cuota|cuotas|meses de|mensualidades de|parcelas de|em ate|ate|em|vezes de|rate da|rate mensili da
        |termijnen van|per maand|rat po|raty|rata|rata od|splatky|splatka|mesicne|havi|rate de|в месяц|платежей по|рассрочка
        |taksit|x taksit|δοσεις|delbetalning|delbetala|per manad|mdr|pr maned|kk|affirm|klarna|afterpay|tra gop
    """,
    Role.UNTAXED: """
        ex vat|excl vat|excluding vat|exc vat|ex tax|excl tax|ex gst|tax|netto|nettopreis|ohne mwst|exkl mwst|zzgl mwst|mwst|ust
        |vat|hors taxe|ht|sin iva|iva|sem iva|senza iva|iva esclusa|excl btw|btw|bez vat|cena netto|bez podatku|bez dph|dph|afa nelkul
        |fara tva|tva|без ндс|ндс|kdv haric|kdv|χωρις φπα|χωρις φ π α|φπα|exkl moms|ekskl moms|moms|alv 0|bez pdv|税抜|税別
    """,
    Role.EXTRA: "zzgl|zuzuglich|plus|plus tax|en sus|mas|piu|zusatzlich|plus shipping|excl|exkl",
    Role.PER: """
        unit price|price per unit|price per|grundpreis|stuckpreis|einzelpreis|preis pro|prix unitaire|prix au|precio unitario
        |precio por|prezzo unitario|prezzo al|prijs per|cena za|cena jednostkowa|jednotkova cena|egysegar|jamforpris|jmf pris
        |enhetspris|literpris|kilopris|kg pris|yksikkohinta|vertailuhinta|each
    """,
    Role.NOT_PRICE: """
        no|nr|sku|item|item no|art|art nr|artikelnummer|artikel|code|ref|reference|model|modell|modele|modelo|modello|ean|isbn|upc|gtin
        |id|код|код товара|артикул|арт|size|sizes|gr|groesse|grosse|taille|talla|talle|taglia|maat|rozmiar|velikost|meret|marime|размер
        |розмір|beden|νουμερο|storlek|storrelse|koko|str|eu|uk|tamanho|tam|pointure|numero|num|waist|qty|quantity|anzahl|menge|quantite
        |cantidad|quantita|aantal|ilosc|мин заказ|минимальный заказ|min order|minimum order|moq|количество|adet|page|seite|tel|phone
        |telefon|year|baujahr|jahrgang|annee|lot no|set of|rating|bewertung|version|since|seit|januar|februar|marz|april|mai|juni|juli
        |august|september|oktober|november|dezember|january|february|march|may|june|july|october|december|janvier|fevrier|mars|avril
        |juin|juillet|aout|septembre|octobre|novembre|decembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre
        |noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|jan|feb|apr|jun|jul|aug|sep|sept|oct
        |okt|nov|dec|dez|январь|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря
    """,
    Role.FREE: """
        free|for free|kostenloser|kostenlose|kostenlosen|kostenfreier|freier|gratisversand|envio gratis|gratuite|darmowa|bezplatna|free of charge|freebie|giveaway|giving away|no charge|gratis|kostenlos|kostenfrei|umsonst|zu verschenken|geschenkt
        |zu verschenken abzugeben|gratuit|gratuite|gratuits|gratuitement|offert|a donner|don|regalo|se regala|gratuito|gratuita|gratuitos
        |de graca|doacao|omaggio|in regalo|regalasi|weggeven|gratis af te halen|gratis op te halen|za darmo|darmo|darmowe|darmowy
        |oddam|oddam za darmo|bezplatnie|zdarma|zadarmo|daruji|za odvoz|ingyen|ingyenes|elviheto|gratuit de donat|donez|бесплатно
        |даром|отдам даром|в дар|безкоштовно|віддам|безплатно|подарявам|ucretsiz|bedava|δωρεαν|χαριζεται|skankes|bortskankes
        |gis bort|foraeres vaek|vaek gratis|ilmainen|ilmaiseksi|annetaan|lahjoitetaan|besplatno|brezplacno|poklanjam|podarim|nemokamai
        |bezmaksas|tasuta|percuma|mien phi|cho tang|libre|مجانا|مجاناً|مجانًا|مجاني|חינם|רایگان|رایگان
    """,
    Role.IDLE: "ab sofort|from now|now available|tax free|mwst frei|de segunda mano|buy now|buy it now|kauf auf rechnung",
}  # fmt: skip
#: Phrases that stand behind their amount.
AFTER = {
    Role.WAS: "rrp|msrp|uvp|helyett|yerine|retail|retail price|neupreis|np|listino|ovh|original",
    Role.FROM: """
        and up|and above|and more|or more|onwards|upwards|aufwarts|und mehr|et plus|y mas|en adelante|in su|e oltre|en hoger
        |i wiecej|tol|tel|dan baslayan|den baslayan|tan baslayan|ten baslayan|dan itibaren|den itibaren|baslayan
        |alkaen|lahtien|starting|и выше|и более
    """,
    Role.SHIPPING: """
        shipping|delivery|postage|s h|p p|versand|versandkosten|lieferung|porto|livraison|de frais de port|de livraison|frais de port
        |envio|de envio|gastos de envio|frete|de frete|portes|spedizione|di spedizione|spese di spedizione|verzending|verzendkosten
        |dostawa|wysylka|przesylka|doprava|postovne|szallitas|livrare|доставка|kargo|μεταφορικα|frakt|fragt|i frakt|toimitus
        |estimated shipping|economy shipping|standard shipping|expedited shipping|shipping estimate|import charges
    """,
    Role.SAVING: """
        off|saved|savings|discount|rabatt|gespart|sparen|ersparnis|gunstiger|billiger|nachlass|de remise|de reduction|remise|d economie
        |de descuento|descuento|menos|de desconto|desconto|di sconto|sconto|korting|rabatu|rabat|taniej|sleva|zlava|kedvezmeny|reducere
        |скидка|indirim|εκπτωση|alennus|popust|discount applied|cashback|pfand|deposit|de consigne|coupon|gutschein|d eco part
        |d eco participation|eco part|dont
    """,
    Role.INSTALMENT: """
        monthly|a month|mtl|monatlich|raten|in raten|pro monat|im monat|par mois|al mes|por mes|mensuales|al mese|per maand|p m
        |miesiecznie|mies|mesicne|sem juros|com juros|sin interes|sin intereses|en cuotas|interest free|mo|в месяц|в мес|taksit
    """,
    Role.UNTAXED: """
        ex vat|excl vat|exc vat|excluding vat|plus vat|ex tax|excl tax|ex gst|netto|ohne mwst|exkl mwst|zzgl mwst|ht|hors taxe|hors taxes
        |sin iva|sem iva|senza iva|iva esclusa|iva escl|excl btw|bez vat|bez podatku|bez dph|netto|fara tva|без ндс|kdv haric|χωρις φπα
        |χωρις φ π α|exkl moms|ekskl moms|alv 0|bez pdv|vat|iva|tva|mwst|tax
    """,
    Role.PER: "each|apiece|ea|per piece|per item|per unit|je stuck|das stuck|la piece|l unite|cada uno|cadauno|c u|cad|a testa|pro stuck|chacun|chacune|piece|pp|p p|pro person|par personne",
}  # fmt: skip

#: The same in scripts that do not part their words; found inside a run of them.
CONTINUOUS_BEFORE = {
    Role.WAS: "定価|通常価格|通常|参考価格|希望小売価格|小売価格|元値|旧価格|当店通常|原价|原價|市场价|市價|定價|建議售價|划线价|吊牌价"
    "|정가|정상가|소비자가|판매가격전|원가|기존가|ราคาเดิม|ราคาปกติ|จาก",
    Role.NOW: "特価|セール価格|セール|割引後|今なら|現在|販売価格|现价|現價|促销价|特价|特價|优惠价|優惠價|券后|券後|到手价|現售|할인가|판매가|특가|현재가"
    "|ลดเหลือ|เหลือ|ตอนนี้|ราคาพิเศษ",
    Role.FROM: "最低|เริ่มต้น|ตั้งแต่|低至|最低价|최저",
    Role.SHIPPING: "送料|配送料|運賃|运费|運費|邮费|郵費|快递|배송비|택배비|ค่าส่ง|ค่าจัดส่ง",
    Role.SAVING: "割引|値引|お得|节省|節省|立减|立減|减|優惠|할인|쿠폰|적립|ประหยัด|ส่วนลด|ポイント|クーポン",
    Role.INSTALMENT: "月々|月額|分割|分期|每月|할부|월|ผ่อน",
    Role.UNTAXED: "税抜|税別|本体価格|本体|税前|不含税|未税|未稅|부가세별도",
    Role.PER: "あたり|当たり|につき|每",
    Role.FREE: "無料|0円譲|差し上げ|免费|免費|赠送|贈送|무료|무료나눔|나눔|ฟรี|แจกฟรี",
    Role.NOT_PRICE: "サイズ|品番|商品コード|货号|貨號|尺码|尺碼|사이즈|품번|ขนาด|数量|個数",
}
CONTINUOUS_AFTER = {
    Role.FROM: "から|より|起|부터|以上|이상|ขึ้นไป",
    Role.UNTAXED: "税抜|税別|不含税|未税|未稅|부가세별도|プラス税",
    Role.SAVING: "引き|引|オフ|お得|割引|할인|减|优惠",
    Role.PER: "毎|每|每个|每件|당",
    Role.INSTALMENT: "每月|毎月|개월",
}

#: What a price may be for one of.
UNITS = """
    kg|g|gr|gram|gramm|grams|kilo|kilogramm|kilogram|kilogramo|kilogramme|chilo|mg|l|lt|ltr|liter|litre|litro|litr|ml|cl|dl|hl|m|mtr
    |meter|metre|metro|metr|m2|m3|m²|m³|qm|sqm|cm|mm|km|lb|lbs|pound weight|oz|fl oz|ft|sqft|sq ft|foot|yd|yard|inch|in|stk|st|stuck|stuk
    |piece|pieces|pc|pcs|item|unit|units|ea|each|unidad|ud|uds|unite|piece|pza|pz|pezzo|cad|szt|sztuka|ks|kus|db|darab|buc|adet|шт|штука
    |штуку|бр|τεμ|τεμαχιο|styck|kpl|kom|gab|vnt|tk|month|mo|mon|monat|mois|mes|mese|maand|manad|maned|mies|miesiac|mesic|месяц|мес|ay
    |year|yr|jahr|an|ano|anno|jaar|ar|rok|год|week|wk|woche|semaine|semana|settimana|night|nacht|nuit|noche|notte|day|tag|jour|dia
    |giorno|dag|hour|hr|h|stunde|heure|hora|ora|uur|person|pers|persoon|persona|personne|pax|pair|paar|paire|par|para|set|pack
    |packung|pkt|pk|box|bottle|flasche|bouteille|roll|rolle|sheet|blatt|кг|г|л|м|м2|кв м|мл|см|упак|уп|час|сутки|день|kartela|use|load|個|枚|本|台|袋|箱|件|斤|개|瓶
    |wash|tab|dose|portion|serving
"""  # fmt: skip
#: Joins an amount and its unit: "5 € pro kg".
PER_UNIT = (
    "per|pro|je|par|por|al|alla|all|za|a|pr|op|na|за|на|ανα|το|початок|par lot de|le|la|el|il|der|die|das"
)
#: Sizes and measures: a bare number before one of them is no price.
MEASURES = """
    cm|mm|m|km|in|inch|inches|zoll|ft|feet|foot|yd|kg|g|gr|mg|lb|lbs|oz|ml|cl|l|liter|litre|ltr|gb|tb|mb|mp|mah|w|watt|v|volt|hz|ghz|mhz
    |k miles|miles|ps|hp|kw|см|мм|кг|г|гб|л|мл|years|year|jahre|jahr|yrs|months|monate|tage|days|hours|stunden|std|min|bids|bid|gebote
    |gebot|offres|pujas|offerte|sold|verkauft|vendus|watchers|reviews|bewertungen|sterne|stars|left|available|verfugbar|x zoll|st erne
    |seiten|pages|teilig|von|of|out of|von 5|mal|times|mois|ans|anos|dpi|px|pixel|bar|grad|karat|ct|carat|%
"""  # fmt: skip
#: Pieces of a lot: "5 Stück 20 €".
PIECES = """
    stuck|stk|st|stuks|stks|pcs|pc|pieces|piece|units|items|item|count|ct|pack|packs|pk|er pack|er set|er|set|sets|pares|pairs|pair|paar
    |pieces|piezas|pieza|pza|pzas|unidades|unidad|uds|ud|pezzi|pz|szt|sztuk|sztuki|ks|kusu|kusy|db|darab|buc|bucati|adet|шт|штук|штуки
    |τεμ|τεμαχια|styck|stycken|kpl|kom|vnt|tk|biji|buah|pcs set|er lot|lot|lots|packung|packungen|multipack|bundle|x pack
"""  # fmt: skip
#: "pack of 3", "Lot de 3", "3er Set": words that gather pieces, and what joins them to their number.
GATHERERS = """
    pack|lot|set|bundle|box|multipack|packung|paket|bund|lote|juego|pacote|kit|conjunto|confezione|confezioni|stock|zestaw|komplet|sada|baleni
    |szett|csomag|набор|комплект|лот|упаковка|takim|σετ|paquet|ensemble|case|carton|pair|job lot|joblot|posten|konvolut|sett|pakke|pakkaus
"""  # fmt: skip
OF = "of|de|von|van|da|di|d|z|из|mit|a|à|po|av|med|from|with|ve"
#: "3 for $10".
FOR = "for|fur|pour|por|per|voor|za|за|till|icin|για|dla|pentru|na|onli|only for|just for|je|zum preis von"
AVAILABLE = "available|verfugbar|left|in stock|vorratig|auf lager|disponibles|disponibili|op voorraad|dostepne|lager|sold|verkauft"
#: Words that make a number larger; `GLUED` ones only where they touch it.
SCALES = {
    3: "thousand|grand|tsd|tausend|mille|mil|mila|duizend|tys|tis|тыс|тысяч|тис|ribu|rb|nghin|ngan|ezer|bin|χιλ|tuhat|tusen|هزار|الف|ألف|हजार",
    5: "lakh|lakhs|lac|lacs|लाख",
    6: "million|millions|mio|mln|mn|millionen|millones|millon|milhoes|milhao|milioni|milione|miljoen|milionow|miliony|млн|миллион"
    "|миллиона|миллионов|juta|jt|trieu|milyon|εκατ|miljoner|millioner|miljoonaa|میلیون|مليون",
    7: "crore|crores|cr|करोड़",
    9: "billion|billions|bn|milliarden|mrd|milliards|miliard|млрд|miliar|ty|milyar|میلیارد|مليار",
}
GLUED_SCALES = {"k": 3, "к": 3, "m": 6, "b": 9, "tr": 6, "l": 5}
