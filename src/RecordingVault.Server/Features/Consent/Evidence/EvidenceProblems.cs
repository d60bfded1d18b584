using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Consent.Evidence;

internal static class EvidenceProblems
{
    public static readonly Problem NotTaken = new(
        "evidence-not-taken", StatusCodes.Status415UnsupportedMediaType, "Evidence is a PDF, a picture (PNG, JPEG), a letter or text (EML, TXT) or sound (MP3, M4A, WAV, OGG), told by what is in it. This file is none of these.");

    public static readonly Problem TooLarge = Problem.TooLarge with { Title = "Evidence has at most 20 MiB." };

    public static readonly Problem TooMany = new("evidence-full", StatusCodes.Status409Conflict, $"There are {EvidenceIntake.MostOfRecording} pieces of evidence for this recording already.");

    public static readonly Problem NoRecords = Problem.Invalid("records", "give the ids of records of this recording that it shows, all of one person.");

    public static readonly Problem KeptUntil = Problem.Invalid("keptUntil", "name a time to come, at most thirty years away, or leave it out.");

    public static readonly Problem Name = Problem.Invalid("Content-Disposition", $"say what the file is called: attachment; filename*=UTF-8''…, in at most {EvidenceIntake.LongestName} letters.");

    /// <summary>It is there, and can't be read.</summary>
    public static readonly Problem Damaged = new("damaged", 500, "What is stored of this content is damaged. No wrong byte was sent, and the vault's keeper was told.");
}
