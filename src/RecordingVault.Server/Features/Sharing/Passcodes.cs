using System.Globalization;
using System.Security.Cryptography;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>
/// Passcodes of links, hashed like passwords (PBKDF2-SHA-512, 210,000 rounds) over a pepper from the vault key: they are short, so a stolen database
/// alone must not be enough to try them all. Stored as <c>1.rounds.salt.hash</c>.
/// </summary>
internal sealed class Passcodes(VaultKeyring keyring)
{
    public const int Shortest = 4;
    public const int Longest = 128;
    private const int Rounds = 210_000;
    private const int SaltLength = 16;
    private const int HashLength = 32;

    public string Hash(Guid shareId, string passcode)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return string.Create(CultureInfo.InvariantCulture, $"1.{Rounds}.{Convert.ToBase64String(salt)}.{Convert.ToBase64String(Derive(shareId, passcode, salt, Rounds))}");
    }

    public bool Matches(Guid shareId, string passcode, string stored)
    {
        if (stored.Split('.') is not ["1", var rounds, var salt, var hash] || passcode.Length > Longest)
            return false;
        var derived = Derive(shareId, passcode, Convert.FromBase64String(salt), int.Parse(rounds, CultureInfo.InvariantCulture));
        return CryptographicOperations.FixedTimeEquals(derived, Convert.FromBase64String(hash));
    }

    private byte[] Derive(Guid shareId, string passcode, byte[] salt, int rounds)
    {
        var peppered = PasscodePepper.Apply(keyring.Vault, shareId, passcode.Trim());
        try
        {
            return Rfc2898DeriveBytes.Pbkdf2(peppered, salt, rounds, HashAlgorithmName.SHA512, HashLength);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(peppered);
        }
    }
}
