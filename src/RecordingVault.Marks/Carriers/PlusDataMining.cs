using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Carriers;

/// <summary>The values of <c>plus:DataMining</c> (PLUS License Data Format 2.0.1; IPTC Video Metadata Hub 1.5).</summary>
public static class PlusDataMining
{
    /// <summary>What stands before the token; the value is the whole address.</summary>
    public const string Vocabulary = "http://ns.useplus.org/ldf/vocab/";

    public static string Value(UsageTag tag) => tag.PlusToken is { } token ? Vocabulary + token : throw new ArgumentException("This tag is never written.", nameof(tag));

    /// <summary>
    /// What a value that stood in a file says of each use. A prohibition whose conditions are told elsewhere constrains all of them, for whoever reads it here does not
    /// know which; and a value that the vocabulary lacks prohibits them.
    /// </summary>
    public static UsageRights Says(string value)
    {
        var token = value.Trim();
        token = token.StartsWith(Vocabulary, StringComparison.Ordinal) ? token[Vocabulary.Length..] : token;
        if (token == "DMI-UNSPECIFIED")
            return UsageRights.Same(UseDecision.Unspecified);
        var known = UsageTag.All.FirstOrDefault(tag => tag.PlusToken == token);
        return known is null ? UsageRights.Nothing : known == UsageTag.ConstrainedUse ? UsageRights.Same(UseDecision.Constrained) : known.Rights;
    }
}
