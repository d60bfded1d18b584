using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Factors;

/// <summary>How the seed of an authenticator stands in its member's row.</summary>
internal static class AuthenticatorSeed
{
    public static SealedText Seal(VaultKeyring keyring, Guid memberId, byte[] seed) =>
        SealedText.Seal(keyring.Vault, Guid.Empty, memberId, Member.SeedColumn, Convert.ToBase64String(seed));

    public static byte[] Open(VaultKeyring keyring, Guid memberId, SealedText seed) =>
        Convert.FromBase64String(seed.Open(keyring.Vault, Guid.Empty, memberId, Member.SeedColumn));
}

/// <summary>
/// A seed that is shown and not yet taken stands in the page's own form, sealed: looking at the page writes nothing, and nothing is left behind by whoever
/// goes away. It is good in the session that was shown it, for a quarter of an hour.
/// </summary>
internal sealed class OfferedSeeds(IDataProtectionProvider protection, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private const int Longest = 2_000;

    private readonly IDataProtector protector = protection.CreateProtector("recordingvault.authenticator-seed.v1");

    public string Offer(Guid sessionId, byte[] seed) => protector.Protect(JsonSerializer.Serialize(new Offered(sessionId, seed, time.Now() + Lifetime)));

    /// <summary>Null when it is none of ours, of another session, or too old.</summary>
    public byte[]? Find(Guid sessionId, string text)
    {
        if (text.Length is 0 or > Longest)
            return null;
        try
        {
            return JsonSerializer.Deserialize<Offered>(protector.Unprotect(text)) is { } offered && offered.SessionId == sessionId && time.Now() < offered.EndsAt ? offered.Seed : null;
        }
        catch (CryptographicException)
        {
            return null; // made up, or of another vault
        }
    }

    private sealed record Offered(Guid SessionId, byte[] Seed, DateTimeOffset EndsAt);
}
