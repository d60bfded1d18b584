using System.Globalization;
using System.Text;

namespace RecordingVault.Vault.Packages;

/// <summary>
/// What a package must hold and in which order, and whether its manifests say of every file what was read. Behind a signature that is good this can only find a mistake of
/// the writer; a reader of the manifests alone, who knows no signature, must be told the truth too.
/// </summary>
internal sealed class PackageManifests
{
    private readonly List<(string Name, FileDigests Digests)> payload = [];
    private readonly List<(string Name, FileDigests Digests)> tags = [];
    private readonly Dictionary<string, byte[]> texts = new(StringComparer.Ordinal);

    public IReadOnlyList<VerifiedFile> Payload => [.. payload.Select(file => new VerifiedFile(file.Name, file.Digests.Length, file.Digests.Sha256))];

    /// <summary>A file of the payload that has come already.</summary>
    public VerifiedFile? Find(string name) => payload.FindLast(file => file.Name == name) is (not null, var digests) ? new VerifiedFile(name, digests.Length, digests.Sha256) : null;

    /// <summary>Whether this file may come now.</summary>
    public bool Expects(string name) => tags.Count switch
    {
        0 => name == PackageParts.Bagit,
        1 => name == PackageParts.Readme,
        2 => name.StartsWith(PackageParts.Payload, StringComparison.Ordinal) || (payload.Count > 0 && name == PackageParts.Behind[0]),
        _ => tags.Count - 2 < PackageParts.Behind.Count && name == PackageParts.Behind[tags.Count - 2],
    };

    public void Add(string name, FileDigests digests, byte[]? text)
    {
        if (text is null)
        {
            payload.Add((name, digests));
            return;
        }

        tags.Add((name, digests));
        texts[name] = text;
    }

    /// <returns>When it was made, as it says.</returns>
    public DateTimeOffset Check(Guid id)
    {
        if (!texts[PackageParts.Bagit].AsSpan().SequenceEqual(PackageParts.BagitText))
            throw new PackageException(PackageFailure.NotAPackage, "bagit.txt is not that of a package.");
        Require(PackageParts.Manifest256, PackageParts.Manifest(payload, is512: false));
        Require(PackageParts.Manifest512, PackageParts.Manifest(payload, is512: true));
        // All that stand before the tag manifests: bagit.txt, the page, both manifests and the words about it.
        var listed = tags.Take(5).ToList();
        Require(PackageParts.TagManifest256, PackageParts.Manifest(listed, is512: false));
        Require(PackageParts.TagManifest512, PackageParts.Manifest(listed, is512: true));
        var madeAt = MadeAt(Encoding.ASCII.GetString(texts[PackageParts.Info]));
        Require(PackageParts.Info, PackageParts.InfoText(id, madeAt, payload.Sum(file => file.Digests.Length), payload.Count));
        return madeAt;
    }

    private static DateTimeOffset MadeAt(string info)
    {
        const string Member = "Bagging-Time: ";
        var line = info.Split('\n').FirstOrDefault(line => line.StartsWith(Member, StringComparison.Ordinal)) ?? "";
        return DateTimeOffset.TryParseExact(line.AsSpan(Math.Min(Member.Length, line.Length)), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : throw new PackageException(PackageFailure.Digest, "bag-info.txt does not say when it was made.");
    }

    private void Require(string name, byte[] expected)
    {
        if (!texts[name].AsSpan().SequenceEqual(expected))
            throw new PackageException(PackageFailure.Digest, $"{name} does not say what lies in the package.");
    }
}
