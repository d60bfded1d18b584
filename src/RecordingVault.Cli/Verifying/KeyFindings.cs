using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RecordingVault.Cli.Verifying;

/// <summary>Whether the key that signed is one that the vault publishes.</summary>
internal enum KeyFinding
{
    /// <summary>Nobody gave a list to look in.</summary>
    NotCompared,
    Published,

    /// <summary>It is not in the list, or there with other bytes or for another use.</summary>
    NotPublished,

    /// <summary>It is in the list, and what it signed says a time at which it did not sign.</summary>
    OutOfTime,
}

internal static class KeyFindings
{
    /// <summary>Packages and receipts are signed by keys of one use.</summary>
    private const string Use = "package";

    private const string ManifestUse = "c2pa";

    public static KeyFinding Find(Guid keyId, ReadOnlyMemory<byte> publicKey, DateTimeOffset signedAt, IReadOnlyList<KeptKey> keys)
    {
        if (keys.FirstOrDefault(key => key.Id == keyId) is not { Use: Use } key || !key.PublicKey.Span.SequenceEqual(publicKey.Span))
            return KeyFinding.NotPublished;
        // What is signed says its time in whole seconds.
        return signedAt < key.Since.AddSeconds(-1) || signedAt > key.Until ? KeyFinding.OutOfTime : KeyFinding.Published;
    }

    /// <summary>Of a manifest, which says no time: whoever signed it is in the list, or is not.</summary>
    /// <param name="certificate">Of its signer: DER, or empty.</param>
    public static KeyFinding FindManifest(ReadOnlyMemory<byte> certificate, IReadOnlyList<KeptKey> keys)
    {
        try
        {
            using var signer = X509CertificateLoader.LoadCertificate(certificate.Span);
            var publicKey = signer.PublicKey.ExportSubjectPublicKeyInfo();
            return keys.Any(key => key.Use == ManifestUse && key.PublicKey.Span.SequenceEqual(publicKey)) ? KeyFinding.Published : KeyFinding.NotPublished;
        }
        catch (CryptographicException)
        {
            return KeyFinding.NotPublished;
        }
    }

    public static string Name(this KeyFinding finding) => finding switch
    {
        KeyFinding.Published => "published",
        KeyFinding.NotPublished => "not-published",
        KeyFinding.OutOfTime => "out-of-time",
        _ => "not-compared",
    };

    /// <param name="what">What was signed, as in "package".</param>
    public static string Words(this KeyFinding finding, string what) => finding switch
    {
        KeyFinding.Published => "is in the list that you gave, and signed at that time",
        KeyFinding.NotPublished => $"is NOT in the list that you gave: whoever made this {what} is not that vault",
        KeyFinding.OutOfTime => $"is in the list that you gave, but did NOT sign at the time that the {what} says",
        _ => "was compared with no list: anybody can sign with a key of his own. Get /.well-known/recording-vault-keys.json from the vault and add --keys FILE",
    };

    public static ExitCode Code(this KeyFinding finding) => finding is KeyFinding.NotCompared or KeyFinding.Published ? ExitCode.Ok : ExitCode.WrongKey;
}
