Documentation.addTranslations({
  "locale": "nb_NO",
  "plural_expr": "(n != 1)",
  "messages": {
    ", in ": ", i ",
    "Hide Search Matches": "Skjul søketreffene",
    "Preparing search...": "Gjør klar søket …",
    "Search Results": "Søkeresultater",
    "Searching": "Søker",
    "Search finished, found ${resultCount} page(s) matching the search query.": "Søket er ferdig og ga treff på ${resultCount} sider.",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.": "Søket ga ingen treff. Se etter skrivefeil, eller prøv et annet ord."
  }
});
