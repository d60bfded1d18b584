using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace RecordingVault.Server.Features.Members;

/// <summary>PBKDF2-SHA-512 (security.md 9), over the password in its composed form: the same key presses on another machine are the same password.</summary>
internal sealed class PasswordHashing(IOptions<PasswordHasherOptions> options) : PasswordHasher<Member>(options)
{
    public const int Iterations = 210_000;
    private const int SaltLength = 16;
    private const int HashLength = 32;

    /// <summary>Looks like a hash and costs like one, and no password has it: what an unknown account is checked against.</summary>
    public string Decoy { get; } = NewDecoy(options.Value.IterationCount);

    public override string HashPassword(Member user, string password) => base.HashPassword(user, Compose(password));

    public override PasswordVerificationResult VerifyHashedPassword(Member user, string hashedPassword, string providedPassword) =>
        base.VerifyHashedPassword(user, hashedPassword, Compose(providedPassword));

    private static string Compose(string password) => password.Normalize(NormalizationForm.FormKC);

    // Identity's third format: 01, PRF (2 = HMAC-SHA-512), iterations, length of the salt, salt, hash.
    private static string NewDecoy(int iterations)
    {
        var hash = new byte[1 + 12 + SaltLength + HashLength];
        hash[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(1), 2);
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(5), iterations);
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(9), SaltLength);
        RandomNumberGenerator.Fill(hash.AsSpan(13));
        return Convert.ToBase64String(hash);
    }
}
