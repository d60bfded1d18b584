namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>A purpose as a form offers it: in plain language, with one sentence.</summary>
public sealed record PurposeWords(string Name, string Title, string Sentence);

/// <summary>What the pages call purposes.</summary>
public static class ExportWords
{
    public static IReadOnlyList<PurposeWords> Purposes { get; } =
    [
        new("share-external", "For somebody outside", "A person you name gets a copy to watch and to keep, and may hand it to nobody."),
        new("view-internal", "For ourselves", "A copy for members of this organisation, such as an archive of your own."),
        new("transcribe", "To be transcribed", "A machine turns what is said into text."),
        new("ai-inference", "To be read by AI", "A model summarises it or answers questions about it, without learning from it."),
        new("ai-training", "To train AI", "A model learns from it. What it has learned can't be taken back."),
        new("data-mining", "Text and data mining", "Programs look through it for patterns."),
        new("legal", "Because a law demands it", "A court or an authority asks for it. Only owners and admins hand content out for that."),
    ];

    /// <summary>Inside a sentence: "… leaves for AI training".</summary>
    public static string Inside(string purpose) => purpose switch
    {
        "share-external" => "somebody outside",
        "view-internal" => "ourselves",
        "transcribe" => "being transcribed",
        "ai-inference" => "being read by AI",
        "ai-training" => "AI training",
        "data-mining" => "text and data mining",
        "legal" => "legal reasons",
        _ => "a purpose that the vault does not know",
    };

    public static string Title(string purpose) => Purposes.FirstOrDefault(known => known.Name == purpose)?.Title ?? purpose;
}
