using System.Text;
using RecordingVault.Server.Features.UsageTags;

namespace RecordingVault.Server.Features.Consent.Ledger;

/// <summary>The words of the ledger as the API, the forms and the log have them.</summary>
internal static class ConsentWords
{
    /// <summary>For which a person can agree: all but what a law demands.</summary>
    public static readonly IReadOnlyList<Purpose> Recorded = [Purpose.Keep, Purpose.ViewInternal, Purpose.ShareExternal, Purpose.Transcribe, Purpose.AiInference, Purpose.AiTraining, Purpose.DataMining];

    public static readonly IReadOnlyList<ConsentStatus> Statuses = Enum.GetValues<ConsentStatus>();

    /// <summary>Those that somebody may state.</summary>
    public static readonly IReadOnlyList<ConsentMethod> StatedMethods = [.. Enum.GetValues<ConsentMethod>().Where(method => method != ConsentMethod.Carried)];

    public static readonly IReadOnlyList<LawfulBasis> Bases = Enum.GetValues<LawfulBasis>();

    /// <summary>As <c>signed-paper</c> for SignedPaper.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum
    {
        var words = new StringBuilder();
        foreach (var letter in value.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && words.Length > 0)
                words.Append('-');
            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }

    public static Purpose? PurposeOf(string? name) => Recorded.Where(purpose => purpose.Name() == name).Cast<Purpose?>().FirstOrDefault();

    public static T? Of<T>(IEnumerable<T> values, string? name)
        where T : struct, Enum => values.Where(value => Name(value) == name).Cast<T?>().FirstOrDefault();

    public static string List<T>(IEnumerable<T> values)
        where T : struct, Enum => string.Join(", ", values.Select(Name));
}
