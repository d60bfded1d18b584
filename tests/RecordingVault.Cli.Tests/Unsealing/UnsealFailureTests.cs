using RecordingVault.Cli.Tests.Bucket;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Cli.Tests.Unsealing;

public sealed class UnsealFailureTests : IAsyncLifetime
{
    private TestBucket bucket = null!;
    private TestRecording recording = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        bucket = await TestBucket.CreateAsync(Ct);
        recording = await bucket.PutRecordingAsync("Coaching", [300_000, 1], Ct);
    }

    public ValueTask DisposeAsync() => bucket.DisposeAsync();

    [Fact]
    public async Task Another_root_key_is_told_apart_from_damage()
    {
        var other = bucket.RootKeyFile + "-other";
        FileRootKey.Create(other);

        var list = await VaultRun.OfAsync("unseal", "--root-key", other, "--store", bucket.Folder);
        var whole = await VaultRun.OfAsync("unseal", "--root-key", other, "--store", bucket.Folder, "--recording", $"{recording.Id}", "-o", bucket.Out);

        Assert.Equal((3, 3), (list.Code, whole.Code));
        Assert.Contains("Use the root key that this vault was made with", list.Error);
        Assert.Contains("Use the root key that this vault was made with", whole.Error);
        Assert.False(Directory.Exists(bucket.Out));
    }

    [Fact]
    public async Task A_damaged_asset_is_not_written_and_does_not_keep_the_others_back()
    {
        Damage(bucket.NameOf(recording, recording.OriginalAsset, 0));

        var run = await UnsealAsync("--recording", $"{recording.Id}", "-o", bucket.Out);

        Assert.Equal(1, run.Code);
        Assert.Contains("(damaged) These are not the bytes that the vault wrote.", run.Error);
        Assert.Equal(["captions-" + recording.CaptionsAsset.Id + ".vtt", "card.json"], Directory.EnumerateFileSystemEntries(bucket.Out).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_damaged_card_is_named_and_keeps_no_content_back()
    {
        Flip(Directory.EnumerateFiles(bucket.Folder, "0000000000000001-*", SearchOption.AllDirectories).Single(file => file.Contains("/card/", StringComparison.Ordinal)));

        var run = await UnsealAsync("--recording", $"{recording.Id}", "-o", bucket.Out);
        var list = await UnsealAsync();

        Assert.Equal((1, 0), (run.Code, list.Code));
        Assert.Contains("card does not open (damaged)", run.Error);
        Assert.Contains("(card does not open: damaged)", list.Out);
        Assert.Equal(recording.Original, await File.ReadAllBytesAsync(Path.Combine(bucket.Out, recording.OriginalFile), Ct));
    }

    [Fact]
    public async Task A_damaged_object_leaves_no_file_behind()
    {
        var name = bucket.NameOf(recording, recording.OriginalAsset, 0);
        Damage(name);
        Directory.CreateDirectory(bucket.Out);

        var run = await UnsealAsync("--object", name, "-o", Path.Combine(bucket.Out, "segment"));

        Assert.Equal(1, run.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(bucket.Out));
    }

    [Fact]
    public async Task A_missing_segment_is_named()
    {
        var name = bucket.NameOf(recording, recording.OriginalAsset, 1);
        File.Delete(bucket.FileOf(name));

        var run = await UnsealAsync("--recording", $"{recording.Id}", "--asset", $"{recording.OriginalAsset.Id}", "-o", bucket.Out);

        Assert.Equal(4, run.Code);
        Assert.Contains(name, run.Error);
        Assert.False(File.Exists(bucket.Out));
    }

    [Fact]
    public async Task A_list_names_what_does_not_open_and_goes_on()
    {
        var second = await bucket.PutRecordingAsync("Second", [5], Ct);
        var manifest = Directory.EnumerateFiles(bucket.Folder, "0000000000000001-*", SearchOption.AllDirectories)
            .Single(file => file.Contains($"{recording.Id}/manifest/", StringComparison.Ordinal));
        Flip(manifest);

        var run = await UnsealAsync();

        Assert.Equal(1, run.Code);
        Assert.Contains($"{recording.Id}  does not open: damaged", run.Out);
        Assert.Contains($"{second.Id}  50 bytes in 2 assets  Second", run.Out);
    }

    [Fact]
    public async Task A_file_that_is_there_stays_unless_replacing_it_was_asked_for()
    {
        var name = bucket.NameOf(recording, recording.OriginalAsset, 1);
        await File.WriteAllTextAsync(bucket.Out, "mine", Ct);

        var refused = await UnsealAsync("--object", name, "-o", bucket.Out);
        var kept = await File.ReadAllTextAsync(bucket.Out, Ct);
        var forced = await UnsealAsync("--object", name, "-o", bucket.Out, "--force");

        Assert.Equal((2, "mine", 0), (refused.Code, kept, forced.Code));
        Assert.Contains("--force", refused.Error);
        Assert.Equal(recording.Original[300_000..], await File.ReadAllBytesAsync(bucket.Out, Ct));
    }

    [Fact]
    public async Task A_recording_is_not_written_into_a_folder_that_holds_one_of_its_files()
    {
        Directory.CreateDirectory(bucket.Out);
        await File.WriteAllTextAsync(Path.Combine(bucket.Out, recording.CaptionsFile), "mine", Ct);

        var run = await UnsealAsync("--recording", $"{recording.Id}", "-o", bucket.Out);

        Assert.Equal(2, run.Code);
        Assert.Single(Directory.EnumerateFileSystemEntries(bucket.Out));
    }

    [Fact]
    public async Task What_is_written_only_its_owner_can_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await UnsealAsync("--recording", $"{recording.Id}", "-o", bucket.Out);

#pragma warning disable CA1416 // skipped on Windows above
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(bucket.Out));
        Assert.All(Directory.EnumerateFiles(bucket.Out), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task A_root_key_that_others_can_read_is_refused_with_the_cure()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
#pragma warning disable CA1416 // skipped on Windows above
        File.SetUnixFileMode(bucket.RootKeyFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
#pragma warning restore CA1416

        var run = await UnsealAsync();

        Assert.Equal(2, run.Code);
        Assert.Contains("chmod 600", run.Error);
    }

    [Fact]
    public async Task What_is_not_there_is_said_so()
    {
        var unknown = await UnsealAsync("--recording", $"{Guid.NewGuid()}", "-o", bucket.Out);
        var inTenant = await UnsealAsync("--tenant", $"{Guid.NewGuid()}", "--recording", $"{recording.Id}", "-o", bucket.Out);
        var asset = await UnsealAsync("--recording", $"{recording.Id}", "--asset", $"{Guid.NewGuid()}", "-o", bucket.Out);
        var there = bucket.NameOf(recording, recording.OriginalAsset, 0);
        var name = await UnsealAsync("--object", there[..^1] + (there[^1] == '0' ? "1" : "0"), "-o", bucket.Out);

        Assert.Equal([4, 4, 4, 4], new[] { unknown.Code, inTenant.Code, asset.Code, name.Code });
        Assert.Contains($"original {recording.OriginalAsset.Id}", asset.Error);
    }

    [Theory]
    [InlineData("unseal")]
    [InlineData("unseal", "--root-key", "/nowhere/root.key", "--store", "/nowhere")]
    [InlineData("unseal", "--root-key", "/nowhere/root.key", "--store", "/tmp")]
    [InlineData("unseal", "--root-key", "k", "--store", "/tmp", "--recording", "no-id")]
    [InlineData("unseal", "--root-key", "k", "--store", "/tmp", "--object", "n", "--tenant", "0190163d-8694-739b-aea5-966c26f8ad91")]
    [InlineData("unseal", "--root-key", "k", "--store", "/tmp", "--asset", "0190163d-8694-739b-aea5-966c26f8ad91")]
    [InlineData("unseal", "--root-key", "k", "--store", "/tmp", "-o", "x")]
    [InlineData("unseal", "--root-key", "ROOT", "--store", "STORE", "--object", "../../etc/passwd", "-o", "x")]
    [InlineData("unsael")]
    public async Task A_command_that_makes_no_sense_ends_with_2(params string[] args)
    {
        var run = await VaultRun.OfAsync([.. args.Select(arg => arg switch { "ROOT" => bucket.RootKeyFile, "STORE" => bucket.Folder, _ => arg })]);

        Assert.Equal(2, run.Code);
        Assert.NotEqual("", run.Error);
    }

    private void Damage(string name) => Flip(bucket.FileOf(name));

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private Task<VaultRun> UnsealAsync(params string[] args) => VaultRun.OfAsync(["unseal", "--root-key", bucket.RootKeyFile, "--store", bucket.Folder, .. args]);
}
