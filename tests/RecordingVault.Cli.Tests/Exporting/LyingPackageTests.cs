using System.Text.Json;
using RecordingVault.Cli.Exporting;
using RecordingVault.Cli.Talk;
using RecordingVault.Cli.Verifying;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Tests.Exporting;

/// <summary>What `vault export --all` finds in its folder: done is a package of that recording, for that recipient and purpose, of that vault, and nothing else that verifies.</summary>
public sealed class LyingPackageTests : IDisposable
{
    private static readonly DateTimeOffset s_madeAt = new(2026, 11, 27, 9, 30, 0, TimeSpan.Zero);
    private static readonly Guid s_recording = Guid.Parse("0198aaaa-0000-7000-8000-000000000001");
    private static readonly ExportQuestion s_question = new([s_recording], "view-internal", "Marsh Coaching");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("vault-lying-");
    private readonly SigningKey key = NewKey();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_package_that_was_asked_for_is_done_where_the_vault_publishes_its_key_or_no_list()
    {
        var path = await PackageAsync(Description());

        Assert.True(await LyingPackage.IsAsync(path, s_question, Keys(key), Ct));
        Assert.True(await LyingPackage.IsAsync(path, s_question, null, Ct));
    }

    [Fact]
    public async Task One_that_another_vault_signed_is_not()
    {
        using var other = NewKey();

        Assert.False(await LyingPackage.IsAsync(await PackageAsync(Description()), s_question, Keys(other), Ct));
        Assert.False(await LyingPackage.IsAsync(await PackageAsync(Description()), s_question, [], Ct));
    }

    [Fact]
    public async Task One_of_another_recording_recipient_or_purpose_is_not()
    {
        Assert.False(await LyingPackage.IsAsync(await PackageAsync(Description(recording: Guid.NewGuid())), s_question, Keys(key), Ct));
        Assert.False(await LyingPackage.IsAsync(await PackageAsync(Description(recipient: "Claire Martin")), s_question, Keys(key), Ct));
        Assert.False(await LyingPackage.IsAsync(await PackageAsync(Description(purpose: "legal")), s_question, Keys(key), Ct));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"recording":7,"purpose":"view-internal","recipient":"Marsh Coaching"}""")]
    [InlineData("not json")]
    public async Task One_that_does_not_say_what_it_is_of_is_not(string? description) =>
        Assert.False(await LyingPackage.IsAsync(await PackageAsync(description), s_question, Keys(key), Ct));

    [Fact]
    public async Task One_that_was_changed_is_not_and_nothing_is_not()
    {
        var path = await PackageAsync(Description());
        await File.AppendAllTextAsync(path, "x", Ct);

        Assert.False(await LyingPackage.IsAsync(path, s_question, Keys(key), Ct));
        Assert.False(await LyingPackage.IsAsync(Path.Combine(folder.FullName, "nothing.zip"), s_question, Keys(key), Ct));
    }

    public void Dispose()
    {
        key.Dispose();
        folder.Delete(recursive: true);
    }

    private static string Description(Guid? recording = null, string purpose = "view-internal", string recipient = "Marsh Coaching") =>
        JsonSerializer.Serialize(new { recording = recording ?? s_recording, purpose, recipient });

    private static KeptKey[] Keys(SigningKey of) => [new(of.Id, "package", of.Verifying().Bytes, s_madeAt.AddDays(-30), s_madeAt.AddDays(300))];

    private async Task<string> PackageAsync(string? description)
    {
        var path = Path.Combine(folder.FullName, "package.zip");
        PackageFile[] files = [PackageFile.Of("original-1.mp4", "moving pictures"u8.ToArray()), .. description is null ? Array.Empty<PackageFile>() : [PackageFile.Of("description.json", System.Text.Encoding.UTF8.GetBytes(description))]];
        await using var output = File.Create(path);
        await PackageWriter.WriteAsync(output, new PackagePlan(Guid.NewGuid(), s_madeAt, "<title>x</title>"u8.ToArray(), files), key, Ct);
        return path;
    }

    private static SigningKey NewKey()
    {
        using var root = RootKey.Generate();
        using var tenantKey = KeyHierarchy.NewTenantKey(root, Guid.NewGuid()).Key;
        using var data = KeyHierarchy.NewTenantDataKey(tenantKey).Key;
        return SigningKey.New(data, SignatureKind.Ed25519).Key;
    }
}
