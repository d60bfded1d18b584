namespace RecordingVault.Server.Platform.Pages;

/// <summary>What is true of a recording, for the seal line. A word whose fact is absent is not shown.</summary>
public sealed record SealFacts
{
    /// <summary>public, internal, confidential or restricted.</summary>
    public string? Label { get; init; }

    /// <summary>The slug of the effective usage tag, for example no-tdm.</summary>
    public string? UsageTag { get; init; }

    /// <summary>Whether the tag forbids training. Of a tag that is not known here nothing is claimed.</summary>
    public bool ForbidsTraining => UsageTag is "no-tdm" or "no-tdm-except-search" or "no-ai-training" or "no-genai-training" or "constrained";

    /// <summary>The number of sealed segments; null until the manifest is committed.</summary>
    public int? SealedSegments { get; init; }

    /// <summary>SHA-256 of the original's content; null while it is not known.</summary>
    public ReadOnlyMemory<byte>? ContentDigest { get; init; }
}
