using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace RecordingVault.Server.Features.Members;

/// <summary>What is wrong with one field of a form, as a sentence for the person who filled it.</summary>
internal sealed record FieldError(string Field, string Sentence)
{
    public string? SentenceFor(string field) => Field == field ? Sentence : null;
}

internal static class MemberRules
{
    public const int LongestName = 200;
    private const int LongestAddress = 254;
    private static readonly EmailAddressAttribute Address = new();

    /// <summary>Quotes, colons and the like could make an address a sentence or a link in somebody's letter; no mailbox of ours needs them.</summary>
    public static FieldError? CheckEmail(string email) =>
        email.Length <= LongestAddress && Address.IsValid(email) && !email.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '"' or ':' or '<' or '>' or '(' or ')' or '[' or ']' or ',' or ';' or '\\')
            ? null
            : new FieldError("email", "Give an e-mail address, such as helen@example.com.");

    public static FieldError? CheckName(string name) =>
        string.IsNullOrWhiteSpace(name) ? new FieldError("name", "Say your name, as others in the organisation know you.")
        : name.Length > LongestName || name.Any(char.IsControl) ? new FieldError("name", "A name has at most 200 characters, on one line.")
        : null;

    /// <param name="language">Of the sentence.</param>
    /// <param name="about">What others know of the member: name, address, organisation.</param>
    public static FieldError? CheckPassword(CultureInfo language, string password, params IEnumerable<string?> about) =>
        PasswordRule.CheckIn(language, password, about) is { } complaint ? new FieldError("password", complaint) : null;
}
