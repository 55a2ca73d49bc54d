' SPDX-License-Identifier: MIT
' Types into workbooks and reads what follows, as a person does: each line of $EDITS is a step, its fields separated by
' tabs, and $ANSWERS gets a line for each `get`.
'   open FILE                      also lifts the protection of its sheets
'   set NAME VALUE                 of a named cell; no value: empties it
'   put SHEET LABEL COLUMN VALUE   of the cell in the row that begins with this label, columns from 0
'   get NAME…                      what the cells show, separated by blanks
Option Explicit

Private book As Object

Sub Run
    Dim steps As Integer, answers As Integer
    Dim text As String
    steps = FreeFile
    Open Environ("EDITS") For Input As #steps
    answers = FreeFile
    Open Environ("ANSWERS") For Output As #answers
    Do While Not EOF(steps)
        Line Input #steps, text
        DoStep Split(text, Chr(9)), answers
    Loop
    Close #answers
    book.close(True)
    StarDesktop.terminate()
End Sub

Sub DoStep(part, answers As Integer)
    Dim i As Integer
    Dim text As String
    Select Case part(0)
    Case "open"
        If Not IsNull(book) Then book.close(True)
        book = Opened(part(1))
    Case "set"
        Fill Named(part(1)), part(2)
    Case "put"
        Fill Labelled(part(1), part(2), CInt(part(3))), part(4)
    Case "get"
        For i = 1 To UBound(part)
            text = text & IIf(i > 1, " ", "") & Shown(Named(part(i)))
        Next i
        Print #answers, text
    End Select
End Sub

Function Opened(file As String) As Object
    Dim hidden(0) As New com.sun.star.beans.PropertyValue
    Dim i As Integer
    Dim doc As Object
    hidden(0).Name = "Hidden"
    hidden(0).Value = True
    doc = StarDesktop.loadComponentFromURL(ConvertToURL(file), "_blank", 0, hidden())
    For i = 0 To doc.Sheets.Count - 1
        doc.Sheets.getByIndex(i).unprotect("")
    Next i
    Opened = doc
End Function

Function Named(cell As String) As Object
    Named = book.NamedRanges.getByName(cell).getReferredCells().getCellByPosition(0, 0)
End Function

Function Labelled(sheet As String, label As String, column As Integer) As Object
    Dim row As Integer
    Do While book.Sheets.getByName(sheet).getCellByPosition(0, row).String <> label
        row = row + 1
    Loop
    Labelled = book.Sheets.getByName(sheet).getCellByPosition(column, row)
End Function

Sub Fill(cell As Object, value As String)
    If value = "" Or Not IsNumeric(value) Then
        cell.String = value
    Else
        cell.Value = Val(value)
    End If
End Sub

Function Shown(cell As Object) As String
    If cell.getError() <> 0 Then
        Shown = "error"
    ElseIf cell.FormulaResultType2 = com.sun.star.sheet.FormulaResult.STRING Then
        Shown = cell.String
    Else
        Shown = Trim(Str(cell.Value))
    End If
End Function
