using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Audit;

/// <summary>GET /audit with the words of <see cref="AuditWish"/> and a cursor, newest first.</summary>
public sealed record AuditPageModel
{
    public required PageFrame Frame { get; init; }

    public required IReadOnlyList<AuditPageEvent> Events { get; init; }

    /// <summary>Which events the page shows.</summary>
    public AuditWish Wish { get; init; } = new();

    /// <summary>Only what was done to this one.</summary>
    public AuditPageThing? OnlyTarget { get; init; }

    /// <summary>Only what this one did.</summary>
    public AuditPageActor? OnlyActor { get; init; }

    /// <summary>What happened in the last seven days, whatever the filters.</summary>
    public AuditSums LastDays { get; init; } = new(0, 0, 0, 0);

    /// <summary>Null at the end.</summary>
    public string? EarlierCursor { get; init; }

    /// <summary>False on a page that was reached by a cursor.</summary>
    public bool IsNewest { get; init; } = true;
}

public sealed record AuditPageEvent
{
    public required long Number { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>As the API tells it, for example share.created.</summary>
    public required string Type { get; init; }

    public required AuditPageActor Actor { get; init; }

    public AuditPageThing? Target { get; init; }

    public bool IsRefused { get; init; }

    public bool Decrypted { get; init; }

    /// <summary>The opened values (recipient, purpose, reason, actor.address …); empty where they were erased.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <param name="Kind">member, token, share, system or operator.</param>
/// <param name="Name">As it was at the time; null where it was erased or never known.</param>
public sealed record AuditPageActor(string Kind, string? Name, bool IsReader = false)
{
    /// <summary>Null for the vault itself.</summary>
    public Guid? Id { get; init; }
}

/// <param name="Kind">tenant, member, token, recording, upload or share.</param>
/// <param name="Name">What it is called now; null where it is gone, or the reader may not see it.</param>
public sealed record AuditPageThing(string Kind, Guid Id, string? Name = null);
