using System.Security.Cryptography;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Uploads.Rules;

/// <summary>The checksum that came with a part, and the running digest of its bytes. The part counts only after both agree.</summary>
internal sealed class PartChecksum : IDisposable
{
    private readonly byte[] expected;
    private readonly IncrementalHash hash;

    private PartChecksum(HashAlgorithmName algorithm, byte[] expected)
    {
        this.expected = expected;
        hash = IncrementalHash.CreateHash(algorithm);
    }

    /// <param name="checksum">Null when the part came without one.</param>
    public static Problem? TryParse(IHeaderDictionary headers, out PartChecksum? checksum)
    {
        checksum = null;
        if (!headers.TryGetValue(Tus.ChecksumHeader, out var sent))
            return null;
        var header = sent.ToString();
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        var wrong = Problem.Invalid(Tus.ChecksumHeader, "send sha1 or sha256, a space, and the digest in base64.");
        if (space < 0 || Algorithm(header[..space]) is not { } algorithm)
            return wrong;
        var digest = new byte[algorithm.Length];
        if (!Convert.TryFromBase64String(header[(space + 1)..], digest, out var count) || count != digest.Length)
            return wrong;
        checksum = new PartChecksum(algorithm.Name, digest);
        return null;
    }

    public void Append(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

    /// <summary>Once, at the part's end.</summary>
    public bool Agrees() => CryptographicOperations.FixedTimeEquals(hash.GetHashAndReset(), expected);

    public void Dispose() => hash.Dispose();

    private static (HashAlgorithmName Name, int Length)? Algorithm(string name) => name switch
    {
        "sha1" => (HashAlgorithmName.SHA1, SHA1.HashSizeInBytes), // tus asks for it; it finds accidents of transport and guards nothing
        "sha256" => (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes),
        _ => null,
    };
}
