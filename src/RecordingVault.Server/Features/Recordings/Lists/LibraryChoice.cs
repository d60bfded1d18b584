namespace RecordingVault.Server.Features.Recordings.Lists;

/// <summary>Which recordings a list shows, in which order and how, as an address says it. No word about anybody stands in it.</summary>
public sealed record LibraryChoice
{
    /// <summary>public, internal, confidential or restricted.</summary>
    public string? Label { get; init; }

    /// <summary>receiving, ready or failed.</summary>
    public string? State { get; init; }

    /// <summary>yes: somebody outside can open it now; no: nobody can.</summary>
    public string? Shared { get; init; }

    /// <summary>The program that made it: zoom, bigbluebutton, or other where none was told.</summary>
    public string? Source { get; init; }

    /// <summary>The first day of the meeting, as 2026-11-01.</summary>
    public string? From { get; init; }

    /// <summary>The last day of the meeting.</summary>
    public string? To { get; init; }

    /// <summary>The zone in which days are meant, by its IANA name; UTC where there is none.</summary>
    public string? Zone { get; init; }

    /// <summary>newest, recorded, longest, largest, state or title.</summary>
    public string? Sort { get; init; }

    /// <summary>list, or null for tiles.</summary>
    public string? View { get; init; }

    public bool IsList => View is "list";

    /// <summary>What leaves recordings out; a zone alone does not.</summary>
    public IEnumerable<(string Name, string Value)> Filters => Fields.Where(chosen => chosen.Name is not ("sort" or "view" or "zone"));

    /// <summary>What is chosen, by the names of the address.</summary>
    public IEnumerable<(string Name, string Value)> Fields
    {
        get
        {
            (string Name, string? Value)[] all =
            [
                ("label", Label), ("state", State), ("shared", Shared), ("source", Source), ("from", From), ("to", To), ("zone", string.IsNullOrEmpty(From) && string.IsNullOrEmpty(To) ? null : Zone),
                ("sort", Sort), ("view", View),
            ];
            return all.Where(chosen => !string.IsNullOrEmpty(chosen.Value)).Select(chosen => (chosen.Name, chosen.Value!));
        }
    }

    /// <summary>The library with this choice.</summary>
    /// <param name="before">A cursor, or null for the first page.</param>
    /// <param name="without">The field to leave out.</param>
    public string Address(string? before = null, string? without = null)
    {
        var fields = Fields.Where(chosen => chosen.Name != without);
        if (before is not null)
            fields = fields.Append(("before", before));
        var query = string.Join('&', fields.Select(chosen => $"{chosen.Name}={Uri.EscapeDataString(chosen.Value)}"));
        return query.Length == 0 ? "/" : "/?" + query;
    }

    /// <summary>From a form's fields.</summary>
    public static LibraryChoice Of(Func<string, string?> field) => new()
    {
        Label = field("label"),
        State = field("state"),
        Shared = field("shared"),
        Source = field("source"),
        From = field("from"),
        To = field("to"),
        Zone = field("zone"),
        Sort = field("sort"),
        View = field("view"),
    };
}
