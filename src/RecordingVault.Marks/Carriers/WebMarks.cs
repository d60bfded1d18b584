using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Carriers;

/// <summary>
/// A tag in the words of the web: AIPREF (<c>Content-Usage</c>), TDMRep, RSL, <c>Content-Signal</c> and the directives for search engines. Where a vocabulary has no word
/// for one of our decisions, the stricter one is written: AIPREF knows one kind of training, TDMRep one bit for all mining.
/// </summary>
public static class WebMarks
{
    /// <summary>Search engines and their like are always turned away, whatever the tag: nothing here is public.</summary>
    public const string Robots = "noindex, nofollow, noarchive, nosnippet, noai, noimageai";

    /// <summary>The value of <c>Content-Usage</c> (AIPREF attach and vocabulary), a structured-field dictionary.</summary>
    public static string ContentUsage(UsageTag tag) =>
        Pairs(", ", ("train-ai", Letter(Training(tag.Rights))), ("search", Letter(tag.Rights.Search)));

    /// <summary>The value of <c>tdm-reservation</c>: 1 reserved, 0 not.</summary>
    public static string TdmReservation(UsageTag tag) => tag == UsageTag.AllowedUse ? "0" : "1";

    /// <summary>Whether <c>tdm-policy</c> belongs beside the reservation: where everything is reserved there is nothing on offer.</summary>
    public static bool OffersTerms(UsageTag tag) => TdmReservation(tag) == "1" && tag.Rights != UsageRights.Nothing;

    /// <summary>The line of robots.txt after <c>Content-Signal:</c>.</summary>
    public static string ContentSignal(UsageTag tag) =>
        Pairs(", ", ("search", Word(tag.Rights.Search)), ("ai-input", Word(tag.Rights.Inference)), ("ai-train", Word(Training(tag.Rights))));

    /// <summary>What RSL 1.0 <c>prohibits</c> by usage, separated by spaces; empty where nothing is.</summary>
    public static string RslProhibits(UsageTag tag)
    {
        var rights = tag.Rights;
        var all = UsageRights.Uses.Where(use => use != Use.Search).All(use => Forbids(rights[use]));
        var ai = all ? "ai-all" : Forbids(Training(rights)) ? "ai-train" : "";
        return string.Join(' ', new[] { ai, Forbids(rights.Search) ? "search" : "" }.Where(word => word.Length > 0));
    }

    /// <summary>What RSL 1.0 <c>permits</c> by usage: only what the tag allows in so many words.</summary>
    public static string RslPermits(UsageTag tag)
    {
        var rights = tag.Rights;
        var all = UsageRights.Uses.Where(use => use != Use.Search).All(use => rights[use] == UseDecision.Allowed);
        return string.Join(' ', new[] { all ? "ai-all" : "", rights.Search == UseDecision.Allowed ? "search" : "" }.Where(word => word.Length > 0));
    }

    /// <summary>The headers of an answer that is, shows or speaks of what has this tag, on 200, 206, 304 and HEAD alike.</summary>
    /// <param name="tag">Any but the one that is never written.</param>
    /// <param name="root">The vault's address, as <c>https://vault.example</c>; its licence stands under <c>/license.xml</c> and those of looser tags under <c>/licenses/{tag}.xml</c>, its terms under <c>/policies/tdm.json</c>.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Headers(UsageTag tag, string root)
    {
        var headers = new List<KeyValuePair<string, string>>
        {
            new("Content-Usage", ContentUsage(tag)),
            new("tdm-reservation", TdmReservation(tag)),
            new("X-Robots-Tag", Robots),
            new("Link", $"<{root}{(tag == UsageTag.NoTdm ? "/license.xml" : $"/licenses/{tag.Name}.xml")}>; rel=\"license\"; type=\"application/rsl+xml\""),
        };
        if (OffersTerms(tag))
            headers.Add(new("tdm-policy", root + "/policies/tdm.json"));
        return headers;
    }

    private static UseDecision Training(UsageRights rights) => rights.GenerativeTraining.Join(rights.OtherTraining);

    private static bool Forbids(UseDecision decision) => decision is UseDecision.Prohibited or UseDecision.Constrained;

    private static string? Letter(UseDecision decision) => decision == UseDecision.Unspecified ? null : Forbids(decision) ? "n" : "y";

    private static string? Word(UseDecision decision) => decision == UseDecision.Unspecified ? null : Forbids(decision) ? "no" : "yes";

    private static string Pairs(string separator, params (string Name, string? Value)[] pairs) =>
        string.Join(separator, pairs.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={pair.Value}"));
}
