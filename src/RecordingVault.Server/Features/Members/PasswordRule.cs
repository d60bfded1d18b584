using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Identity;
using RecordingVault.Server.Platform.Pages;
using Zxcvbn.Matcher;

namespace RecordingVault.Server.Features.Members;

/// <summary>
/// The one rule for passwords: 10 to 128 characters, none of the 10,000 most used ones, and hard to guess by zxcvbn's reckoning, also for somebody who
/// knows whose it is. Rules of composition make passwords worse, so there are none.
/// </summary>
internal static class PasswordRule
{
    public const int Shortest = 10;
    public const int Longest = 128;

    /// <summary>zxcvbn's 3 of 4: "safely unguessable" for somebody who tries by the million.</summary>
    private const int LeastScore = 3;

    private const int MostUsedCount = 10_000;

    /// <summary>A shorter word says nothing of anybody.</summary>
    private const int ShortestWord = 3;

    /// <summary>Each has its sentence among the public texts.</summary>
    private enum Complaint
    {
        Missing,
        Short,
        Long,
        MostUsed,
        Personal,
        Guessable,
    }

    // It keeps its lists of words and nothing of a call.
    private static readonly Zxcvbn.Zxcvbn Guessing = new();
    private static readonly Lazy<FrozenSet<string>> MostUsed = new(ReadMostUsed);

    /// <summary>The complaint as a sentence in English, or null.</summary>
    public static string? Check(string? password, params IEnumerable<string?> about) => CheckIn(PublicTexts.English, password, about);

    /// <summary>The complaint as a sentence in the language of the page, or null. Checked before hashing, so that nobody makes the server hash a book.</summary>
    /// <param name="about">What others know of the member: name, address, organisation.</param>
    public static string? CheckIn(CultureInfo language, string? password, params IEnumerable<string?> about) =>
        Judge(password, about) is { } complaint ? new PublicTexts(language)["Password." + complaint] : null;

    private static Complaint? Judge(string? password, IEnumerable<string?> about)
    {
        if (string.IsNullOrEmpty(password))
            return Complaint.Missing;
        if (password.Length < Shortest)
            return Complaint.Short;
        if (password.Length > Longest)
            return Complaint.Long;

        // What is judged is what is hashed; composing can make a text longer, and reckoning takes longer with its square.
        var composed = password.Normalize(NormalizationForm.FormKC);
        var judged = composed.Length > Longest ? composed[..Longest] : composed;
        if (MostUsed.Value.Contains(judged.ToLowerInvariant()))
            return Complaint.MostUsed;
        var guess = Guessing.EvaluatePassword(judged, Words(about));
        if (guess.Score >= LeastScore)
            return null;
        return guess.MatchSequence.OfType<DictionaryMatch>().Any(match => match.DictionaryName == "user_inputs")
            ? Complaint.Personal
            : Complaint.Guessable;
    }

    /// <summary>Each text whole and without its gaps, and each of its words.</summary>
    private static IEnumerable<string> Words(IEnumerable<string?> about)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in about.OfType<string>().Select(text => text.Normalize(NormalizationForm.FormKC).ToLowerInvariant()))
        {
            words.Add(text);
            words.Add(string.Concat(text.Where(char.IsLetterOrDigit)));
            words.UnionWith(string.Concat(text.Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')).Split(' '));
        }

        return words.Where(word => word.Length is >= ShortestWord and <= Longest);
    }

    /// <summary>zxcvbn ships the list, the most used first (docs/decisions/0070).</summary>
    private static FrozenSet<string> ReadMostUsed()
    {
        using var stream = typeof(Zxcvbn.Zxcvbn).Assembly.GetManifestResourceStream("zxcvbn-core.Dictionaries.passwords.lst")
            ?? throw new InvalidOperationException("The list of the most used passwords is not in its library any more.");
        using var reader = new StreamReader(stream);
        var words = new HashSet<string>(StringComparer.Ordinal);
        while (words.Count < MostUsedCount && reader.ReadLine() is { } word)
            words.Add(word.Trim().ToLowerInvariant());
        return words.Count == MostUsedCount ? words.ToFrozenSet(StringComparer.Ordinal) : throw new InvalidOperationException("The list of the most used passwords is too short.");
    }
}

/// <summary>Identity's way of asking for the rule: whatever made the account asked it before, with the organisation's name.</summary>
internal sealed class PasswordRuleValidator : IPasswordValidator<Member>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Member> manager, Member user, string? password) =>
        Task.FromResult(PasswordRule.Check(password, user.Email) is { } complaint
            ? IdentityResult.Failed(new IdentityError { Code = "password", Description = complaint })
            : IdentityResult.Success);
}
