namespace RecordingVault.Vault.Format;

/// <summary>Why sealed bytes were refused. The list is closed and is the one of docs/sealed-format.md; every vector names one of these.</summary>
public enum FormatFailure
{
    /// <summary>Shorter than the fixed part, a length that no plaintext gives, or over 64 GiB.</summary>
    BadLength,
    UnknownMagic,
    UnknownVersion,
    UnknownSuite,
    BadChunkSize,
    UnknownRole,
    UnknownKind,
    ReservedNotZero,
    /// <summary>The wrap holds another kind of key than the one asked for.</summary>
    WrongKind,
    /// <summary>Tenant, owner, object or role are not those of the place where the bytes were found.</summary>
    WrongPlace,
    /// <summary>Sealed under another key, or something that the commitment covers was changed.</summary>
    WrongKey,
    /// <summary>An authentication tag does not fit: at least one bit is not what was sealed.</summary>
    Damaged,
    /// <summary>The stored object ends before the chunk that its manifest names.</summary>
    Truncated,
    /// <summary>Something that is needed is not in the store.</summary>
    Missing,
    NotJson,
    UnknownFormat,
    BadMember,
    OverLimit,
    /// <summary>A segment's length is out of range, or the segments do not add up to their asset.</summary>
    LengthSum,
    RepeatedId,
    /// <summary>The sealed manifest is not the one whose SHA-256 the row holds.</summary>
    WrongDigest,
    WrongGeneration,
    BadPadding,
    BadText,
}
