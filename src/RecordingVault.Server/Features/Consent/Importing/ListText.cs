using System.Text;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Consent.Importing;

/// <summary>A list as it was sent: bytes of a file or a text, to the rows that its kind has.</summary>
internal static class ListText
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static readonly IReadOnlyList<ParticipantSource> Kinds = [.. Enum.GetValues<ParticipantSource>().Where(kind => kind != ParticipantSource.Typed)];

    public static (string? Text, Problem? Problem) Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return (s_strict.GetString(bytes), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, Problem.Invalid("text", "this is no UTF-8. Save the file as UTF-8 (in Excel: CSV UTF-8), and send it again."));
        }
    }

    /// <summary>The rows, with what is wrong at its line; a problem where the whole is none of its kind.</summary>
    public static (ImportedList? List, Problem? Problem) Read(ParticipantSource kind, string text)
    {
        text = text.TrimStart('\uFEFF');
        if (text.Contains('\0', StringComparison.Ordinal))
            return (null, Problem.Invalid("text", "there are NUL characters in it, as in UTF-16 or in no text at all. Save the file as UTF-8, and send it again."));
        if (string.IsNullOrWhiteSpace(text))
            return (null, Problem.Invalid("text", "name at least one person."));
        var list = kind switch
        {
            ParticipantSource.Csv => CsvPeople.Read(text, isZoomReport: false),
            ParticipantSource.ZoomReport => CsvPeople.Read(text, isZoomReport: true),
            ParticipantSource.BigbluebuttonEvents => BigbluebuttonPeople.Read(text),
            ParticipantSource.Captions => Lines(text, line => (line, null)),
            _ => Lines(text, NameAndAddress),
        };
        if (list.HasTooManyRows)
            return (null, Problem.Invalid("text", $"a list has at most {ImportedList.MostRows} rows."));
        return list.Rows.Count == 0 && list.Errors.Count == 0 ? (null, Problem.Invalid("text", "nobody is named in it.")) : (list, null);
    }

    private static ImportedList Lines(string text, Func<string, (string Name, string? Email)> split)
    {
        var list = new ImportedList();
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (list.IsFull)
                break;
            if (line.IsWhiteSpace())
                continue;
            var (name, email) = split(line.Trim().ToString());
            list.Add(new ImportedRow(number, name, email));
        }

        return list;
    }

    /// <summary><c>Name &lt;mail&gt;</c>, <c>Name, mail</c> (also with a semicolon or a tab), or a name alone.</summary>
    private static (string Name, string? Email) NameAndAddress(string line)
    {
        var bracket = line.EndsWith('>') ? line.LastIndexOf('<') : -1;
        if (bracket >= 0)
            return (line[..bracket], line[(bracket + 1)..^1]);
        var mark = line.LastIndexOfAny([',', ';', '\t']);
        if (mark >= 0 && line.AsSpan(mark).Contains('@'))
            return (line[..mark], line[(mark + 1)..]);
        // An address alone names nobody: what is shown to people is a name.
        return line.Contains('@', StringComparison.Ordinal) && !line.Contains(' ', StringComparison.Ordinal) ? ("", line) : (line, null);
    }
}
