namespace RecordingVault.Vault.Format;

/// <summary>A person as entered with a recording.</summary>
public sealed record CardPerson(string? Name, string? Email);

/// <summary>
/// What `recover` needs beside content when the database is lost. The row is the truth, the card follows it (sealed-format.md, the card).
/// </summary>
public sealed record Card
{
    public required Guid TenantId { get; init; }

    public required Guid RecordingId { get; init; }

    /// <summary>At most 4,096 bytes in UTF-8.</summary>
    public string? Title { get; init; }

    /// <summary>Written in whole seconds, UTC.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>At most 1,000; names and addresses of at most 1,024 bytes each.</summary>
    public IReadOnlyList<CardPerson> People { get; init; } = [];

    /// <summary>Lower-case letters, digits and hyphens, at most 64.</summary>
    public required string UsageTag { get; init; }

    /// <summary>public, internal, confidential or restricted.</summary>
    public required string Label { get; init; }

    public bool HoldSet { get; init; }

    /// <summary>Kept until then.</summary>
    public DateOnly? RetentionDate { get; init; }
}
