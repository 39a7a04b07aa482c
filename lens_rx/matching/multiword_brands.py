"""Producers whose name has several words: a title does not show where such a name ends."""

from __future__ import annotations

from typing import Final

MULTIWORD_BRANDS: Final = tuple(
    name.strip()
    for name in """
    7 For All Mankind; Acne Studios; Alexander McQueen; Alexander Wang; All Saints; American Tourister; Ann Demeulemeester;
    Audio-Technica; Audemars Piguet; Bang & Olufsen; Baume & Mercier; Ben Sherman; Black & Decker; Black Diamond;
    Bottega Veneta; Bowers & Wilkins; Brooks Brothers; Brunello Cucinelli; Calvin Klein; Canada Goose;
    Carl Hansen; Carl Zeiss; Carlo Colucci; Christian Dior; Christian Louboutin; Christopher Ward;
    Cole Haan; Comme des Garçons; De'Longhi; Diane von Furstenberg; Dolce & Gabbana; Dr. Martens; Dries Van Noten;
    Eastern Mountain Sports; Eddie Bauer; Emporio Armani; Fisher-Price; Franck Muller;
    Fred Perry; Free People; Fritz Hansen; G-Star RAW; Girard-Perregaux; Giorgio Armani; Golden Goose; Grand Seiko;
    Hamilton Beach; Harley-Davidson; Harman Kardon; Helly Hansen; Helmut Lang; Henri Lloyd; Herman Miller; Hugo Boss;
    Isabel Marant; Issey Miyake; Jack & Jones; Jack Wolfskin; Jean Paul Gaultier; Jil Sander; Jimmy Choo; John Deere;
    Karl Lagerfeld; Kate Spade; Knoll International; La Pavoni; La Sportiva; Lands' End; Le Coq Sportif; Le Creuset;
    Levi Strauss; Little Tikes; Louis Poulsen; Louis Vuitton; Loro Piana; Maison Margiela; Mandarina Duck; Marc Jacobs;
    Marc O'Polo; Marshall Amplification; Massimo Dutti; Max Mara; Michael Kors; Miu Miu; Mountain Equipment;
    Mountain Hardwear; Native Instruments; New Balance; New Era; North Sails; Off-White; On Running; Onitsuka Tiger;
    Outdoor Research; Palm Angels; Patek Philippe; Paul Smith; Peak Design; Peak Performance; Pierre Cardin;
    Polo Ralph Lauren; Ralph Lauren; Ray-Ban; Rebecca Minkoff; Red Wing; Rick Owens; Roberto Cavalli;
    Royal Copenhagen; Royal Doulton; Royal Enfield; Russell Hobbs; Saint Laurent; Salvatore Ferragamo; Sony Ericsson;
    Stone Island; Steve Madden; Stuart Weitzman; Stella McCartney; TAG Heuer; Taylor Made; Ted Baker;
    Texas Instruments; The Frankie Shop; The Kooples; The North Face; The Row; Thom Browne; Tommy Hilfiger; Tom Ford;
    Tom Tailor; Tory Burch; True Religion; Ulla Johnson; Under Armour; Universal Audio; Vacheron Constantin;
    Van Cleef & Arpels; Vera Wang; Victoria Beckham; Villeroy & Boch; Vivienne Westwood; Wood Wood; Yves Saint Laurent;
    Zadig & Voltaire; Ermenegildo Zegna; Louis Garneau; Jacob Jensen; Charles & Keith;
    Kenneth Cole; Lyle & Scott; Nudie Jeans; Oliver Peoples; Philipp Plein; Paco Rabanne
    """.split(";")
    if len(name.split()) > 1 or "-" in name
)
