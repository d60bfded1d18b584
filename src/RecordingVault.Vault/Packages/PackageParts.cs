using System.Globalization;
using System.Text;

namespace RecordingVault.Vault.Packages;

/// <summary>The tag files of a package (RFC 8493): what the writer writes and a verifier expects.</summary>
internal static class PackageParts
{
    public const int MaxEntries = 10_000;

    /// <summary>In bytes, of a file that is kept in memory: manifests of as many names as there may be.</summary>
    public const int MaxTagFile = 8 * 1024 * 1024;

    public const string Bagit = "bagit.txt";
    public const string Readme = "README.html";
    public const string Payload = "data/";
    public const string Info = "bag-info.txt";
    public const string Manifest256 = "manifest-sha256.txt";
    public const string Manifest512 = "manifest-sha512.txt";
    public const string TagManifest256 = "tagmanifest-sha256.txt";
    public const string TagManifest512 = "tagmanifest-sha512.txt";
    public const string Signature = "signature.json";

    /// <summary>What stands behind the payload, in this order.</summary>
    public static readonly IReadOnlyList<string> Behind = [Manifest256, Manifest512, Info, TagManifest256, TagManifest512, Signature];

    public static readonly byte[] BagitText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"u8.ToArray();

    public static string RootOf(Guid id) => $"recordingvault-{id}/";

    public static byte[] InfoText(Guid id, DateTimeOffset madeAt, long payloadLength, int payloadCount) => Encoding.ASCII.GetBytes(
        $"Bag-Software-Agent: RecordingVault\nBagging-Date: {madeAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}\nBagging-Time: {madeAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\n"
        + $"External-Identifier: {id}\nPayload-Oxum: {payloadLength}.{payloadCount}\n");

    /// <summary>In the order of the files.</summary>
    public static byte[] Manifest(IEnumerable<(string Name, FileDigests Digests)> files, bool is512) =>
        Encoding.ASCII.GetBytes(string.Concat(files.Select(file => $"{Convert.ToHexStringLower((is512 ? file.Digests.Sha512 : file.Digests.Sha256).Span)}  {file.Name}\n")));
}
