using System.Security.Cryptography;
using OtpNet;

namespace RecordingVault.Server.Platform.Security;

/// <summary>
/// Codes that an authenticator makes from a seed and the clock: RFC 6238 with SHA-1, six digits, 30 seconds, which is what every app makes. Whoever keeps
/// a seed keeps the time step of the last code that was taken, and hands it in: a code never works twice (security.md 9).
/// </summary>
internal static class TimeCode
{
    public const int SeedLength = 20;
    public const int Digits = 6;

    // A clock that is off by a step, and a code that was typed as it changed.
    private static readonly VerificationWindow OneStep = new(previous: 1, future: 1);

    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(SeedLength);

    /// <param name="code">As it was typed; apps show it with a space in the middle.</param>
    /// <param name="lastStep">The step that <see cref="Check"/> gave for the last code that was taken; null before the first.</param>
    /// <returns>The code's time step, to be stored; null when the code is not good now, or not later than the last one.</returns>
    public static long? Check(string code, byte[] seed, long? lastStep, DateTimeOffset now)
    {
        var digits = code.Replace(" ", "", StringComparison.Ordinal);
        if (digits.Length != Digits || !digits.All(char.IsAsciiDigit))
            return null;
        var isRight = new Totp(seed).VerifyTotp(now.UtcDateTime, digits, out var step, OneStep);
        return isRight && (lastStep is null || step > lastStep) ? step : null;
    }

    /// <summary>The code of this moment, as an authenticator shows it.</summary>
    public static string At(DateTimeOffset now, byte[] seed) => new Totp(seed).ComputeTotp(now.UtcDateTime);

    /// <summary>The seed as authenticators take it by hand.</summary>
    public static string Text(byte[] seed) => Base32Encoding.ToString(seed).TrimEnd('=');

    /// <summary>The seed of a <see cref="Text"/>.</summary>
    public static byte[] Seed(string text) => Base32Encoding.ToBytes(text);

    /// <summary>What a QR code for an authenticator holds.</summary>
    /// <param name="account">Whose code it is, in the app's list.</param>
    public static string SetupUri(string issuer, string account, byte[] seed) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={Text(seed)}&issuer={Uri.EscapeDataString(issuer)}";
}
