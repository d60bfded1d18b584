using System.Text;
using CsvHelper;

namespace RecordingVault.Server.Features.Consent.Importing;

/// <summary>
/// People in CSV (RFC 4180) with a row of column names, English or German, and the report of participants from Zoom's portal, which is one with columns that vary and two lines of the meeting above
/// them. Each row is a line: a name has no line break, and so a quote that is never closed is wrong on its line and swallows no other.
/// </summary>
internal static class CsvPeople
{
    /// <summary>Rows above the column names, at most.</summary>
    private const int MostHead = 10;

    private static readonly string[] s_names = ["name", "name (original name)", "full name", "display name", "participant", "participant name", "teilnehmer", "teilnehmername", "anzeigename", "vollständiger name", "name (ursprünglicher name)", "name (originalname)"];
    private static readonly string[] s_first = ["first name", "given name", "vorname"];
    private static readonly string[] s_last = ["last name", "family name", "surname", "nachname", "familienname"];
    private static readonly string[] s_addresses = ["email", "e-mail", "mail", "user email", "email address", "e-mail address", "mail address", "mailadresse", "e-mail-adresse", "emailadresse", "benutzer-e-mail"];
    private static readonly string[] s_consents = ["recording consent", "recording disclaimer response"];
    private static readonly string[] s_waiting = ["in waiting room"];
    private static readonly string[] s_accepted = ["y", "yes", "ok"];

    /// <param name="isZoomReport">Its column of consent counts; in any other table such a column is somebody's own, and says nothing that the vault could know.</param>
    public static ImportedList Read(string text, bool isZoomReport)
    {
        var list = new ImportedList();
        using var reader = CsvReader.Create(Encoding.UTF8.GetBytes(text), new CsvReaderOptions
        {
            HasHeader = false,
            Separator = SeparatorOf(text),
            AllowLineBreaksInQuotes = false,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = record => list.Fault((int)record.LineNumber, "row", Cure(record.Reason)),
        });
        Columns? columns = null;
        for (var row = 1; !list.IsFull && reader.Read(); row++)
        {
            if (columns is null)
            {
                columns = Columns.Find(reader);
                if (columns is null && row == MostHead)
                    break;
            }
            else if (!Columns.IsBlank(reader) && !(isZoomReport && columns.IsWaiting(reader)))
            {
                list.Add(new ImportedRow((int)reader.LineNumber, columns.Name(reader), columns.Email(reader), isZoomReport && columns.IsAccepted(reader)), columns.NameTitle, columns.EmailTitle);
            }
        }

        if (columns is null)
            list.Fault(1, "name", isZoomReport ? "This is no report of participants from Zoom's portal: no column is called Name (Original Name)." : "The first row names the columns: one is called name (or first name and last name), and one may be called email.");
        return list;
    }

    /// <summary>What stands most often outside quotes in the first line that says anything.</summary>
    private static char SeparatorOf(string text)
    {
        Span<int> counts = stackalloc int[3];
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace())
                continue;
            var isQuoted = false;
            foreach (var letter in line)
            {
                isQuoted ^= letter == '"';
                if (!isQuoted && ",;\t".IndexOf(letter, StringComparison.Ordinal) is >= 0 and var at)
                    counts[at]++;
            }

            return counts[1] > counts[0] && counts[1] >= counts[2] ? ';' : counts[2] > counts[0] ? '\t' : ',';
        }

        return ',';
    }

    private static string Cure(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.UnterminatedQuote or CsvMalformedReason.LineBreakInQuotes => "A quote is opened and not closed on this line. Close it, and put no line break into a cell.",
        _ => "There is a quote inside a cell. Put the whole cell into quotes, and double each quote inside it.",
    };

    private sealed record Columns(int Full, int First, int Last, int Address, int Consent, int Waiting, string NameTitle, string EmailTitle)
    {
        /// <summary>Null where this row does not name them.</summary>
        public static Columns? Find(CsvReader row)
        {
            var titles = Enumerable.Range(0, Math.Min(row.FieldCount, 200)).Select(at => row.GetString(at).Trim()).ToList();
            int At(string[] known) => titles.FindIndex(title => known.Contains(title, StringComparer.OrdinalIgnoreCase));
            var (full, first, last, address) = (At(s_names), At(s_first), At(s_last), At(s_addresses));
            if (full < 0 && (first < 0 || last < 0))
                return null;
            return new Columns(full, first, last, address, At(s_consents), At(s_waiting), titles[full < 0 ? first : full], address < 0 ? "email" : titles[address]);
        }

        public static bool IsBlank(CsvReader row) => Enumerable.Range(0, row.FieldCount).All(at => string.IsNullOrWhiteSpace(row.GetString(at)));

        public string Name(CsvReader row) => Full >= 0 ? Cell(row, Full) : $"{Cell(row, First).Trim()} {Cell(row, Last).Trim()}";

        public string Email(CsvReader row) => Cell(row, Address);

        public bool IsAccepted(CsvReader row) => s_accepted.Contains(Cell(row, Consent).Trim(), StringComparer.OrdinalIgnoreCase);

        /// <summary>A stay in front of the door has a row of its own: whoever was not let in was not recorded.</summary>
        public bool IsWaiting(CsvReader row) => s_accepted.Contains(Cell(row, Waiting).Trim(), StringComparer.OrdinalIgnoreCase);

        private static string Cell(CsvReader row, int at) => at >= 0 && at < row.FieldCount ? row.GetString(at) : "";
    }
}
