Sub Main(source, target)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  book.Sheets.getByName("Role").getCellRangeByName("F2").String = "Bakes bread" + Chr(10) + "and rolls."
  book.Sheets.getByName("Knowledge").getCellRangeByName("C3").String = "Sauerteig 007"
  book.Sheets.getByName("Knowledge").getCellRangeByName("G3").String = "Baking"
  book.Sheets.getByName("Matrix").getCellRangeByName("C2").String = "x"
  Dim saved(0) As New com.sun.star.beans.PropertyValue
  saved(0).Name = "FilterName" : saved(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL(ConvertToURL(target), saved())
  book.close(True)
End Sub
