using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Tests.Keys;

public sealed class SecretKeyTests
{
    [Fact]
    public void A_key_prints_as_redacted()
    {
        using var key = RootKey.Generate();

        Assert.Equal("redacted", key.ToString());
        Assert.Equal("redacted", $"{key}");
    }

    [Fact]
    public void A_disposed_key_is_wiped_and_refuses_every_use()
    {
        var (key, wrap) = KeyHierarchy.NewVaultKey(RootKey.Generate());
        var root = RootKey.Generate();

        var secret = BytesInside(key).ToArray();

        key.Dispose();
        root.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Copy());
        Assert.Throws<ObjectDisposedException>(() => KeyedDigest.Compute(key, "member.email", "a@b.example"));
        Assert.Throws<ObjectDisposedException>(() => KeyHierarchy.NewTenantKey(root, Guid.NewGuid()));
        // The room is given back: zeros are in it, or already another key.
        Assert.NotEqual(secret, BytesInside(key));
        Assert.Equal(KeyKind.Vault, wrap.Kind);
    }

    [Fact]
    public void A_copy_lives_on_when_its_original_is_wiped()
    {
        using var root = RootKey.Generate();
        var (key, _) = KeyHierarchy.NewVaultKey(root);
        var before = KnownAnswers.BytesOf(key);

        using var copy = key.Copy();
        key.Dispose();

        Assert.Equal(before, KnownAnswers.BytesOf(copy));
        Assert.Equal(key.Id, copy.Id);
    }

    [Fact]
    public async Task A_copy_made_while_the_original_is_wiped_is_whole_or_refused()
    {
        for (var round = 0; round < 2000; round++)
        {
            using var key = RootKey.Generate();
            var expected = KnownAnswers.BytesOf(key);
            var wiping = Task.Run(key.Dispose, TestContext.Current.CancellationToken);
            try
            {
                using var copy = key.Copy();
                Assert.Equal(expected, KnownAnswers.BytesOf(copy));
            }
            catch (ObjectDisposedException)
            {
                // Refused: as good.
            }
            await wiping;
        }
    }

    [Fact]
    public void No_key_shows_its_bytes_to_other_assemblies()
    {
        var shown = typeof(SecretKey).Assembly.GetExportedTypes()
            .Where(type => type.IsAssignableTo(typeof(SecretKey)))
            .SelectMany(type => type.GetProperties().Select(property => property.PropertyType).Concat(type.GetMethods().Select(method => method.ReturnType)))
            .Where(type => type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>) || type == typeof(Memory<byte>) || type == typeof(ReadOnlySpan<byte>));

        Assert.Empty(shown);
    }

    [Fact]
    public void The_root_keys_id_follows_from_its_bytes()
    {
        var bytes = new byte[32];
        bytes[5] = 9;

        using var one = RootKey.FromBytes(bytes);
        using var same = RootKey.FromBytes(bytes);
        using var other = RootKey.Generate();

        Assert.Equal(one.Id, same.Id);
        Assert.NotEqual(one.Id, other.Id);
        Assert.Throws<ArgumentException>(() => RootKey.FromBytes(new byte[31]));
    }

    private static byte[] BytesInside(SecretKey key) =>
        (byte[])typeof(SecretKey).GetField("bytes", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.GetValue(key)!;
}
