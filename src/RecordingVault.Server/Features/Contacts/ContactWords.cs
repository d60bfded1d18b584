using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Contacts;

/// <summary>Names and addresses as they are compared: what is equal here looks like one person, and is one only when somebody says so.</summary>
internal static class ContactWords
{
    public static string Name(string name) => string.Join(' ', SearchWords.Fold(name).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public static string Mail(string? email) => string.IsNullOrWhiteSpace(email) ? "" : SearchWords.Fold(KeyedDigest.NormalizeMail(email));
}
