namespace RecordingVault.Server.Features.Audit;

/// <summary>
/// Which events somebody asks for, as an address says it: nothing in it is a personal word (P11). It is the state of the log's page, of its list and of its
/// export.
/// </summary>
public sealed record AuditWish
{
    /// <summary>refused or allowed.</summary>
    public string? Outcome { get; init; }

    /// <summary>people, machines or operators.</summary>
    public string? Who { get; init; }

    /// <summary>A word of <see cref="AuditTopics"/>.</summary>
    public string? About { get; init; }

    /// <summary>A recording, link or member, with what belongs to it.</summary>
    public Guid? Target { get; init; }

    /// <summary>A member, token or link that acted.</summary>
    public Guid? Actor { get; init; }

    /// <summary>Only the last so many days.</summary>
    public string? Days { get; init; }

    /// <summary>A day or a time; from its beginning on.</summary>
    public string? From { get; init; }

    /// <summary>A day, which counts whole, or a time.</summary>
    public string? To { get; init; }

    /// <summary>The zone in which days are meant, by its IANA name; UTC where there is none.</summary>
    public string? Zone { get; init; }

    public bool IsOwnDays => Days is null && (From ?? To) is not null;

    /// <summary>Whether it leaves anything out.</summary>
    public bool IsNarrow => Parts.Any();

    /// <summary>Its words, in one order, without those that say nothing.</summary>
    public IEnumerable<(string Name, string Value)> Parts =>
        new (string Name, string? Value)[]
        {
            ("outcome", Outcome), ("who", Who), ("about", About), ("target", Target?.ToString()), ("actor", Actor?.ToString()), ("days", Days),
            ("from", From), ("to", To), ("zone", (From ?? To) is null ? null : Zone),
        }.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => (part.Name, part.Value!));

    /// <summary>The address of a page or list that shows it.</summary>
    public string At(string path, string? cursor = null)
    {
        var query = string.Join('&', Parts.Append(("cursor", cursor ?? "")).Where(part => part.Item2.Length > 0).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    /// <summary>From a form or an address; what comes twice counts as absent.</summary>
    public static AuditWish Of(Func<string, string?> field)
    {
        string? Word(string name) => field(name) is { Length: > 0 } value ? value : null;
        Guid? Id(string name) => Guid.TryParse(Word(name), out var id) ? id : null;
        return new AuditWish
        {
            Outcome = Word("outcome"),
            Who = Word("who"),
            About = Word("about"),
            Target = Id("target"),
            Actor = Id("actor"),
            Days = Word("days") is "own" ? null : Word("days"),
            From = Word("days") is null or "own" ? Word("from") : null,
            To = Word("days") is null or "own" ? Word("to") : null,
            Zone = Word("zone"),
        };
    }
}
