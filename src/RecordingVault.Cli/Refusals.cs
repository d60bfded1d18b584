using System.Text.Json;
using RecordingVault.Vault.Format;

namespace RecordingVault.Cli;

/// <summary>What a failure class of docs/sealed-format.md means to the person at the terminal: what happened, and what helps.</summary>
internal static class Refusals
{
    public static ExitCode CodeOf(SealedFormatException refused) => refused.Failure switch
    {
        FormatFailure.WrongKey => ExitCode.WrongKey,
        FormatFailure.Missing => ExitCode.Missing,
        _ => ExitCode.Damaged,
    };

    public static string Explain(SealedFormatException refused) => $"{refused.Message} ({ClassOf(refused.Failure)}) {Cure(refused.Failure)}";

    /// <summary>The class as the document writes it: `wrong-key`.</summary>
    public static string ClassOf(FormatFailure failure) => JsonNamingPolicy.KebabCaseLower.ConvertName(failure.ToString());

    private static string Cure(FormatFailure failure) => failure switch
    {
        FormatFailure.WrongKey => "Use the root key that this vault was made with, or the one that it was rotated to.",
        FormatFailure.Missing => "Look at what `vault unseal --root-key FILE --store DIR` lists. What was disposed of has no key any more and can't be opened.",
        FormatFailure.UnknownVersion or FormatFailure.UnknownSuite or FormatFailure.UnknownRole or FormatFailure.UnknownKind or FormatFailure.UnknownFormat =>
            "A newer `vault` may know it.",
        FormatFailure.UnknownMagic => "It is not a file of a vault, or its beginning was overwritten.",
        _ => "These are not the bytes that the vault wrote. Try another copy or an older backup of this file.",
    };
}
