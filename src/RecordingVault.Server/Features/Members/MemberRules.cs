using System.ComponentModel.DataAnnotations;

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

    public static FieldError? CheckEmail(string email) =>
        email.Length <= LongestAddress && Address.IsValid(email) && !email.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter))
            ? null
            : new FieldError("email", "Give an e-mail address, such as helen@example.com.");

    public static FieldError? CheckName(string name) =>
        string.IsNullOrWhiteSpace(name) ? new FieldError("name", "Say your name, as others in the organisation know you.")
        : name.Length > LongestName || name.Any(char.IsControl) ? new FieldError("name", "A name has at most 200 characters, on one line.")
        : null;

    public static FieldError? CheckPassword(string password) => PasswordRule.Check(password) is { } complaint ? new FieldError("password", complaint) : null;
}
