"""How search engines say, in many languages, that nothing matches."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.tree import ancestors, normalize_space

#: What stands around the query; the query itself may stand between the words.
_SAYS_NONE = re.compile(
    r"did(?: not|n't|n’t) match any|no (?:results|matches|visual matches|exact matches)"
    r"(?: were| was)? (?:found|for your|containing)|no (?:results|matches)(?: found)?\.?$|nothing (?:matches|was found)"
    r"|keine .{0,200}übereinstimmenden|keine (?:\w+ )?(?:ergebnisse|treffer|übereinstimmung)"
    r"|aucun (?:document|résultat)|aucune (?:correspondance|réponse)"
    r"|no se ha(?:n)? (?:encontrado|obtenido)|no obtuvo ning|no hay (?:resultados|coincidencias)"
    r"|no se encontr(?:ó|aron) |ning[uú]n (?:resultado|documento)"
    r"|non ha prodotto risultati|nessun (?:risultato|documento)|nessuna corrispondenza"
    r"|geen (?:\w+ )?(?:resultaten|overeenkomst|documenten)"
    r"|nie została odnaleziona|brak (?:wyników|dopasowań|pasujących)|nie znaleziono|nie pasuje do żadn"
    r"|não encontrou nenhum|nenhum (?:resultado|documento)|nenhuma correspondência|não (?:há|foram encontrados) resultado"
    r"|matchede ikke nogen|ingen (?:\w+ )?(?:resultater|matches|dokumenter|treff|match)\b|gav ikke noge"
    r"|matchade inte|inga (?:\w+ )?(?:resultat|träffar|matchningar|dokument)"
    r"|samsvarte ikke|samsvarer ikke|ei vastaa (?:yhtään|mitään)|ei (?:tuloksia|löytynyt|osumia)"
    r"|neodpovíd(?:ají|á) žádn|žádné (?:výsledky|shody)|nezodpoved|nebyly nalezeny"
    r"|egyetlen (?:dokumentum|találat)|nincs(?:enek)? (?:találat|egyezés)"
    r"|nu se potrive|niciun (?:rezultat|document)|nicio potrivire|nu s-au găsit"
    r"|hiçbir (?:belge|sonuç|eşleşme)|sonuç bulunamadı"
    r"|ничего не найдено|не найдено ни одного|нет (?:результатов|совпадений)|нічого не знайдено|немає результатів"
    r"|не отговаря на никакви|няма (?:намерени )?резултати"
    r"|δεν (?:αντιστοιχεί|βρέθηκ)|nema rezultata|ni rezultatov"
    r"|一致する(?:情報|結果|ページ)?.{0,12}(?:見つかりません|ありません)|検索結果(?:は|が)(?:ありません|見つかりません)|結果はありません"
    r"|검색결과가 없습니다|일치하는 .{0,40}없습니다|결과(?:가|를) (?:없습니다|찾을 수 없)"
    r"|找不到|未找到|没有找到|沒有找到|无结果|沒有(?:相符|符合)"
    r"|لم يطابق|لا توجد نتائج|لم يتم العثور|לא התא(?:ים|ימ)|לא נמצאו"
    r"|không tìm thấy|không khớp|tidak (?:cocok|ditemukan|ada hasil)|ไม่(?:พบ|ตรง)",
    re.IGNORECASE,
)
#: Where a page speaks itself: a sentence in the title of a result is never its own.
_STATEMENTS = "[role=heading], [role=alert], [role=status], h1, h2, h3, p, div, span"
_BLOCKS = "div, p, ul, ol, table, section, a h3, a [role=heading]"
_SHORTEST = 4
_LONGEST = 400
_MOST = 4_000


def says_none(tree: LexborHTMLParser) -> bool:
    """Tell whether a sentence of the page's own, outside any link, says that nothing matches."""
    statements = {text: node for node in tree.css(_STATEMENTS)[:_MOST] if (text := _statement(node))}
    return any(_SAYS_NONE.search(text) and _is_own(node) for text, node in statements.items())


def _statement(node: LexborNode) -> str:
    """Return the text of an element that holds no other part of the page; "" for any other."""
    if any(child.css_first(_BLOCKS) is not None for child in node.iter()):
        return ""
    text = normalize_space(node.text(separator=" "))
    return text if _SHORTEST <= len(text) < _LONGEST else ""


def _is_own(node: LexborNode) -> bool:
    return all(around.tag not in ("a", "template", "noscript") for around in ancestors(node))
