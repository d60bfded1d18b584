namespace RecordingVault.Server.Features.UsageTags;

/// <summary>What machines may do with a recording. Other tags join with the vocabulary of RecordingVault.Marks; absence of a tag is never a permission (P4).</summary>
internal enum UsageTag
{
    NoTdm,
}

internal static class UsageTagNames
{
    public static string Name(this UsageTag tag) => tag switch
    {
        UsageTag.NoTdm => "no-tdm",
        _ => throw new ArgumentOutOfRangeException(nameof(tag)),
    };

    public static UsageTag? Parse(string name) => string.Equals(name, "no-tdm", StringComparison.Ordinal) ? UsageTag.NoTdm : null;
}
