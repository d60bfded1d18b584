using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Vault.Tests.Packages;

public sealed class PackageTests : IDisposable
{
    private readonly TestPackage package = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_written_is_whole_and_tells_what_lies_in_it()
    {
        var bytes = await package.WriteAsync();

        var read = await TestPackage.VerifyAsync(bytes);

        Assert.Equal((TestPackage.Id, TestPackage.MadeAt, package.Key.Id, (long)bytes.Length), (read.Id, read.MadeAt, read.KeyId, read.LengthInBytes));
        Assert.Equal(["data/media/film.mp4", "data/captions/en.vtt", "data/policy.jsonld"], read.Files.Select(file => file.Name));
        Assert.Equal(SHA256.HashData("moving pictures"u8), read.Files[0].Sha256.ToArray());
        Assert.Equal(SHA256.HashData(bytes), read.Sha256.ToArray());
        Assert.Equal(package.Key.Verifying().Bytes.ToArray(), read.PublicKey.ToArray());
    }

    [Fact]
    public async Task The_same_plan_gives_the_same_bytes() => Assert.Equal(await package.WriteAsync(), await package.WriteAsync());

    [Fact]
    public async Task Another_zip_reader_unpacks_it_and_finds_every_file_as_its_manifest_says()
    {
        using var zip = new ZipArchive(new MemoryStream(await package.WriteAsync()), ZipArchiveMode.Read);
        var root = $"recordingvault-{TestPackage.Id}/";

        foreach (var (manifest, hash) in new (string, Func<byte[], byte[]>)[] { ("manifest-sha256.txt", SHA256.HashData), ("manifest-sha512.txt", SHA512.HashData), ("tagmanifest-sha256.txt", SHA256.HashData), ("tagmanifest-sha512.txt", SHA512.HashData) })
        {
            var lines = Encoding.UTF8.GetString(await ReadAsync(zip, root + manifest)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.NotEmpty(lines);
            foreach (var line in lines)
                Assert.Equal(line[..line.IndexOf(' ', StringComparison.Ordinal)], Convert.ToHexStringLower(hash(await ReadAsync(zip, root + line[(line.IndexOf(' ', StringComparison.Ordinal) + 2)..]))));
        }

        Assert.Contains("Payload-Oxum: 25.3\n", Encoding.UTF8.GetString(await ReadAsync(zip, root + "bag-info.txt")), StringComparison.Ordinal);
        Assert.Equal("signature.json", zip.Entries[^1].Name);
    }

    [Fact]
    public async Task A_package_in_a_package_is_verified_too()
    {
        var inner = await package.WriteAsync(id: Guid.NewGuid());
        var outer = await package.WriteAsync([PackageFile.Of("packages/one.zip", inner), TestPackage.File("outcomes.json", "{}")]);

        Assert.Single((await TestPackage.VerifyAsync(outer)).Inner);

        inner[^1] ^= 1;
        var broken = await package.WriteAsync([PackageFile.Of("packages/one.zip", inner)]);
        Assert.Equal(PackageFailure.Structure, await TestPackage.RefusalAsync(broken));
    }

    [Fact]
    public async Task It_is_written_without_a_seek_and_from_streams_that_trickle()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        var file = await PackageFile.MeasureAsync("media/film.mp4", _ => ValueTask.FromResult<Stream>(new MemoryStream(content, writable: false)), Ct);
        var plan = new PackagePlan(TestPackage.Id, TestPackage.MadeAt, "x"u8.ToArray(), [file]);
        using var output = new MemoryStream();
        await using (var forward = new BufferedStream(new OneWay(output), 1))
        {
            var written = await PackageWriter.WriteAsync(forward, plan, package.Key, Ct);
            await forward.FlushAsync(Ct);
            Assert.Equal((output.Length, Convert.ToHexString(SHA256.HashData(output.ToArray()))), (written.LengthInBytes, Convert.ToHexString(written.Sha256.Span)));
        }

        Assert.Equal(content.Length, (await TestPackage.VerifyAsync(output.ToArray())).Files[0].LengthInBytes);
    }

    [Theory]
    [InlineData("../film.mp4")]
    [InlineData("/film.mp4")]
    [InlineData("media//film.mp4")]
    [InlineData("media/.hidden")]
    [InlineData("a\\b")]
    [InlineData("Besprechung für alle.mp4")]
    [InlineData("con:")]
    [InlineData("film.")]
    [InlineData("nul")]
    [InlineData("media/Aux.mp4")]
    [InlineData("COM1.tar.gz/film.mp4")]
    [InlineData("")]
    public async Task A_name_that_could_lead_elsewhere_is_not_written(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => package.WriteAsync([TestPackage.File(name, "x")]));

    [Fact]
    public async Task Two_names_that_some_disks_hold_for_one_are_not_written() =>
        await Assert.ThrowsAsync<ArgumentException>(() => package.WriteAsync([TestPackage.File("a.txt", "x"), TestPackage.File("A.txt", "y")]));

    [Theory]
    [InlineData("a", "a/b")]
    [InlineData("a/b", "a")]
    [InlineData("A/b/c", "a/B")]
    public async Task A_name_that_is_a_folder_of_another_one_is_not_written(string one, string other) =>
        await Assert.ThrowsAsync<ArgumentException>(() => package.WriteAsync([TestPackage.File(one, "x"), TestPackage.File(other, "y")]));

    [Theory]
    [InlineData("a", "a-b/c")]
    [InlineData("a.b", "a/b")]
    [InlineData("console.mp4", "com.mp4")]
    [InlineData("a/b", "a/c")]
    public async Task Names_that_only_look_so_are_written(string one, string other) =>
        Assert.Equal(2, (await TestPackage.VerifyAsync(await package.WriteAsync([TestPackage.File(one, "x"), TestPackage.File(other, "y")]))).Files.Count);

    [Fact]
    public async Task A_file_of_many_blocks_is_measured_and_written_in_its_order_and_one_other_byte_of_it_is_found()
    {
        var content = RandomNumberGenerator.GetBytes(3_000_001);
        var file = await PackageFile.MeasureAsync("film.mp4", _ => ValueTask.FromResult<Stream>(new MemoryStream(content, writable: false)), Ct);
        var whole = FileDigests.Of(content);
        Assert.Equal((whole.Length, whole.Crc32, Convert.ToHexString(whole.Sha256.Span), Convert.ToHexString(whole.Sha512.Span)),
            (file.Digests.Length, file.Digests.Crc32, Convert.ToHexString(file.Digests.Sha256.Span), Convert.ToHexString(file.Digests.Sha512.Span)));
        Assert.Equal(content.Length, (await TestPackage.VerifyAsync(await package.WriteAsync([file]))).Files[0].LengthInBytes);

        content[2_000_000] ^= 1;
        await Assert.ThrowsAsync<IOException>(() => package.WriteAsync([file]));
    }

    [Fact]
    public async Task Where_its_file_or_its_reader_breaks_off_writing_ends_with_that()
    {
        var content = RandomNumberGenerator.GetBytes(3_000_001);
        var file = await PackageFile.MeasureAsync("film.mp4", _ => ValueTask.FromResult<Stream>(new MemoryStream(content, writable: false)), Ct);
        var broken = file with { Open = _ => ValueTask.FromResult<Stream>(new BreakingOff(content, 2_000_000)) };
        Assert.Equal("read", (await Assert.ThrowsAsync<IOException>(() => package.WriteAsync([broken]))).Message);

        using var full = new BreakingOff(new byte[1_200_000], int.MaxValue);
        var plan = new PackagePlan(TestPackage.Id, TestPackage.MadeAt, "x"u8.ToArray(), [file]);
        await Assert.ThrowsAsync<NotSupportedException>(() => PackageWriter.WriteAsync(full, plan, package.Key, Ct));
    }

    [Fact]
    public async Task A_file_that_changed_since_it_was_measured_breaks_the_writing_off()
    {
        var calls = 0;
        var file = await PackageFile.MeasureAsync("a.txt", _ => ValueTask.FromResult<Stream>(new MemoryStream([(byte)calls++])), Ct);

        await Assert.ThrowsAsync<IOException>(() => package.WriteAsync([file]));
    }

    public void Dispose() => package.Dispose();

    private static async Task<byte[]> ReadAsync(ZipArchive zip, string name)
    {
        await using var content = await zip.GetEntry(name)!.OpenAsync(Ct);
        using var all = new MemoryStream();
        await content.CopyToAsync(all, Ct);
        return all.ToArray();
    }

    /// <summary>Gives so many bytes, and then an error; takes no more than it is long.</summary>
    private sealed class BreakingOff(byte[] content, int after) : MemoryStream(content, writable: true)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < after ? await base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, after - Position)], cancellationToken) : throw new IOException("read");
    }

    private sealed class OneWay(Stream output) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() => output.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer, offset, count);
    }
}
