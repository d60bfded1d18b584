namespace RecordingVault.Server.Tests.Export;

/// <summary>Reads RFC 4180 as others read it: quotes, doubled quotes, and line ends that belong to a field.</summary>
internal static class CsvReading
{
    public static IReadOnlyList<IReadOnlyList<string>> Rows(string text)
    {
        var rows = new List<IReadOnlyList<string>>();
        var (row, field, isQuoted) = (new List<string>(), new System.Text.StringBuilder(), false);
        for (var at = 0; at < text.Length; at++)
        {
            if (isQuoted && text[at] == '"' && at + 1 < text.Length && text[at + 1] == '"')
                field.Append(text[at++]);
            else if (text[at] == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && text[at] is ',' or '\n')
            {
                row.Add(field.ToString());
                field.Clear();
                if (text[at] == '\n')
                {
                    rows.Add(row);
                    row = [];
                }
            }
            else if (isQuoted || text[at] != '\r')
                field.Append(text[at]);
        }

        return rows;
    }
}
