namespace RecordingVault.Vault.Packages;

/// <summary>A file that goes into a package. It was read once already: its digests stand in front of it, so it must give the same bytes again.</summary>
/// <param name="Name">Below `data/`: letters, digits, dot, hyphen, underscore and slashes.</param>
/// <param name="Open">The caller of it disposes the stream.</param>
public sealed record PackageFile(string Name, FileDigests Digests, Func<CancellationToken, ValueTask<Stream>> Open)
{
    /// <summary>One that is in memory.</summary>
    public static PackageFile Of(string name, ReadOnlyMemory<byte> content) =>
        new(name, FileDigests.Of(content.Span), _ => ValueTask.FromResult<Stream>(new MemoryStream(content.ToArray(), writable: false)));

    /// <summary>Reads what <paramref name="open"/> gives, to know its digests.</summary>
    public static async Task<PackageFile> MeasureAsync(string name, Func<CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        await using var content = await open(cancellationToken);
        return new PackageFile(name, await FileDigests.MeasureAsync(content, cancellationToken), open);
    }
}

/// <summary>What a package is made of.</summary>
/// <param name="Id">In its folder's name, and in `bag-info.txt`.</param>
/// <param name="Readme">A page that explains it to a person; it stands beside `data`.</param>
/// <param name="Payload">In the order in which they lie in it.</param>
public sealed record PackagePlan(Guid Id, DateTimeOffset MadeAt, ReadOnlyMemory<byte> Readme, IReadOnlyList<PackageFile> Payload);

/// <param name="LengthInBytes">Of the whole.</param>
/// <param name="Sha256">Of the whole, to its last byte.</param>
public sealed record WrittenPackage(long LengthInBytes, ReadOnlyMemory<byte> Sha256);
