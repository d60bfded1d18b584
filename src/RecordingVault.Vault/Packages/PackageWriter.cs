using System.Security.Cryptography;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Packages;

/// <summary>
/// Writes a package as a stream that nobody seeks in: `bagit.txt`, the page for people, the files, the manifests, and last the signature over all of it. What is in memory
/// does not grow with the files (P12).
/// </summary>
public static class PackageWriter
{
    /// <param name="output">Is written to and left open.</param>
    /// <exception cref="ArgumentException">A name is no name of a package, or stands twice.</exception>
    /// <exception cref="IOException">A file gave other bytes than when it was measured.</exception>
    public static async Task<WrittenPackage> WriteAsync(Stream output, PackagePlan plan, SigningKey key, CancellationToken cancellationToken)
    {
        var root = PackageParts.RootOf(plan.Id);
        Check(plan, root);
        using var zip = new Zip(output);
        (string Name, FileDigests Digests)[] payload = [.. plan.Payload.Select(file => (PackageParts.Payload + file.Name, file.Digests))];
        List<(string Name, FileDigests Digests)> tags = [];
        await TagAsync(PackageParts.Bagit, PackageParts.BagitText);
        await TagAsync(PackageParts.Readme, plan.Readme);
        foreach (var file in plan.Payload)
        {
            await using var content = await file.Open(cancellationToken);
            await zip.AddAsync(root + PackageParts.Payload + file.Name, file.Digests, content, cancellationToken);
        }

        await TagAsync(PackageParts.Manifest256, PackageParts.Manifest(payload, is512: false));
        await TagAsync(PackageParts.Manifest512, PackageParts.Manifest(payload, is512: true));
        await TagAsync(PackageParts.Info, PackageParts.InfoText(plan.Id, plan.MadeAt, payload.Sum(file => file.Digests.Length), payload.Length));
        // Neither names the other: a tag manifest is not listed in one (RFC 8493, 2.2.1).
        var listed = tags.ToArray();
        await TagAsync(PackageParts.TagManifest256, PackageParts.Manifest(listed, is512: false));
        await TagAsync(PackageParts.TagManifest512, PackageParts.Manifest(listed, is512: true));
        await TagAsync(PackageParts.Signature, PackageSignature.Sign(key, zip.Length, zip.Sha256).Write());
        await zip.EndAsync(cancellationToken);
        return new WrittenPackage(zip.Length, zip.Sha256);

        async Task TagAsync(string name, ReadOnlyMemory<byte> content)
        {
            var digests = FileDigests.Of(content.Span);
            tags.Add((name, digests));
            await using var bytes = new MemoryStream(content.ToArray(), writable: false);
            await zip.AddAsync(root + name, digests, bytes, cancellationToken);
        }
    }

    private static void Check(PackagePlan plan, string root)
    {
        if (plan.Payload.Count is 0 or > PackageParts.MaxEntries - 16)
            throw new ArgumentException("A package holds at least one file, and less than ten thousand.", nameof(plan));
        if (plan.Payload.FirstOrDefault(file => !PackageName.IsGood(root + PackageParts.Payload + file.Name)) is { } odd)
            throw new ArgumentException($"{odd.Name} is no name inside a package.", nameof(plan));
        var names = new PackageNames();
        foreach (var file in plan.Payload)
        {
            if (names.Add(file.Name) is not NameClash.None and var clash)
                throw new ArgumentException(clash == NameClash.Twice ? "Two files have the same name." : $"{file.Name} is a folder of another file, or lies in one.", nameof(plan));
        }
    }

    /// <summary>The zip as it grows.</summary>
    private sealed class Zip(Stream output) : IDisposable
    {
        private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly List<ZipEntry> entries = [];

        public long Length { get; private set; }

        public byte[] Sha256 => sha256.GetCurrentHash();

        public async Task AddAsync(string name, FileDigests digests, Stream content, CancellationToken cancellationToken)
        {
            var entry = new ZipEntry(name, digests.Crc32, digests.Length, Length);
            entries.Add(entry);
            await WriteAsync(ZipRecords.Local(entry), cancellationToken);
            using var again = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var length = 0L;
            await BlocksAhead.ReadAsync(
                content,
                block =>
                {
                    length += block.Length;
                    return Task.WhenAll(Task.Run(() => again.AppendData(block.Span)), Task.Run(() => WriteAsync(block, cancellationToken)));
                },
                cancellationToken);
            // Of bytes that have the same SHA-256, the other digests are the same too: they are not computed once more.
            if (length != digests.Length || !again.GetHashAndReset().AsSpan().SequenceEqual(digests.Sha256.Span))
                throw new IOException("A file for the package gave other bytes than when it was measured.");
        }

        public Task EndAsync(CancellationToken cancellationToken) => WriteAsync(ZipRecords.Tail(entries, Length), cancellationToken);

        public void Dispose() => sha256.Dispose();

        private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            sha256.AppendData(bytes.Span);
            Length += bytes.Length;
            await output.WriteAsync(bytes, cancellationToken);
        }
    }
}
