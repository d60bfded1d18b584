using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Tests.Keys;

public sealed class RootKeyProviderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder folder = new();
    private readonly byte[] bytes = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];

    private string KeyPath => Path.Combine(folder.Path, "root.key");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_new_root_key_file_is_its_owners_alone_and_can_be_read_back()
    {
        using var key = FileRootKey.Create(KeyPath).Load();
        using var again = new FileRootKey(KeyPath).Load();

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(KeyPath));
        Assert.Equal(key.Id, again.Id);
        Assert.Matches("^[0-9a-f]{64}\n$", File.ReadAllText(KeyPath));
    }

    [Fact]
    public void A_root_key_file_is_never_overwritten()
    {
        FileRootKey.Create(KeyPath);
        var before = File.ReadAllText(KeyPath);

        Assert.Throws<IOException>(() => FileRootKey.Create(KeyPath));

        Assert.Equal(before, File.ReadAllText(KeyPath));
    }

    [Theory]
    [InlineData("raw")]
    [InlineData("hex")]
    [InlineData("HEX and a line end")]
    public void Raw_bytes_and_hex_digits_are_the_same_key(string form)
    {
        Write(form switch
        {
            "raw" => bytes,
            "hex" => System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)),
            _ => System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(bytes) + "\r\n"),
        });

        using var key = new FileRootKey(KeyPath).Load();

        Assert.Equal(bytes, KnownAnswers.BytesOf(key));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    [InlineData(5000)]
    public void Any_other_file_is_refused(int length)
    {
        Write(new byte[length]);

        Assert.Contains("32 raw bytes or 64 hex digits", Refusal(new FileRootKey(KeyPath)));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_may_touch_is_refused_with_the_cure(UnixFileMode others)
    {
        Write(bytes);
        File.SetUnixFileMode(KeyPath, OwnerOnly | others);

        Assert.Contains($"chmod 600 '{KeyPath}'", Refusal(new FileRootKey(KeyPath)));
    }

    [Fact]
    public void A_missing_file_is_said_to_be_missing() => Assert.Contains(KeyPath, Refusal(new FileRootKey(KeyPath)));

    [Theory]
    [InlineData("hex")]
    [InlineData("base64")]
    public void The_environment_may_hold_the_key_and_is_emptied(string form)
    {
        const string Variable = "VAULT_TEST_ROOT_KEY_VALUE";
        Environment.SetEnvironmentVariable(Variable, form == "hex" ? Convert.ToHexStringLower(bytes) : Convert.ToBase64String(bytes));

        using var key = new EnvironmentRootKey(Variable).Load();

        Assert.Equal(bytes, KnownAnswers.BytesOf(key));
        Assert.Null(Environment.GetEnvironmentVariable(Variable));
    }

    [Fact]
    public void The_environment_may_name_a_file()
    {
        const string Variable = "VAULT_TEST_ROOT_KEY_PATH";
        Write(bytes);
        Environment.SetEnvironmentVariable($"{Variable}_FILE", KeyPath);

        using var key = new EnvironmentRootKey(Variable).Load();

        Assert.Equal(bytes, KnownAnswers.BytesOf(key));
        Assert.Null(Environment.GetEnvironmentVariable($"{Variable}_FILE"));
    }

    [Fact]
    public void A_wrong_value_is_refused_without_being_repeated()
    {
        const string Variable = "VAULT_TEST_ROOT_KEY_WRONG";
        Environment.SetEnvironmentVariable(Variable, "not-the-key");

        var message = Refusal(new EnvironmentRootKey(Variable));

        Assert.DoesNotContain("not-the-key", message);
        Assert.Contains("Set VAULT_TEST_ROOT_KEY_WRONG", Refusal(new EnvironmentRootKey(Variable)));
    }

    private static string Refusal(IRootKeyProvider provider) => Assert.Throws<RootKeyException>(provider.Load).Message;

    private void Write(byte[] content)
    {
        File.WriteAllBytes(KeyPath, content);
        File.SetUnixFileMode(KeyPath, OwnerOnly);
    }
}
