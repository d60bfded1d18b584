using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage;

public sealed class FolderObjectStoreTests : ObjectStoreContract
{
    private readonly TemporaryFolder folder = new();

    private protected override ValueTask<IObjectStore> OpenEmptyAsync() => ValueTask.FromResult<IObjectStore>(FolderObjectStore.Open(folder.Path));

    private protected override ValueTask RemoveAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_owner_stands_in_a_directory_of_two_digits_and_all_else_is_where_its_name_says()
    {
        var (tenant, recording, id) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());

        await Store.PutAsync(ObjectName.Parse($"t/{tenant}/r/{recording}/original/{id}"), new byte[1], Cancellation);
        await Store.PutAsync(ObjectName.Parse($"t/{tenant}/key/{id}"), new byte[1], Cancellation);

        Assert.True(File.Exists(Path.Combine(folder.Path, $"t/{tenant}/r/{recording.ToString()[^2..]}/{recording}/original/{id}")));
        Assert.True(File.Exists(Path.Combine(folder.Path, $"t/{tenant}/key/{id}")));
    }

    [Fact]
    public async Task A_copy_of_a_bucket_is_read_where_its_names_say()
    {
        var name = NewName();
        var path = Path.Combine(folder.Path, name.Value);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, [1, 2, 3], Cancellation);

        Assert.Equal([1, 2, 3], await ReadAsync(name, 0, 10));
        Assert.Equal([name.Value], await ListAsync(string.Join('/', name.Value.Split('/')[..4]) + "/"));
        Assert.Equal([name.Value.Split('/')[3]], await Store.ListFoldersAsync(string.Join('/', name.Value.Split('/')[..3]) + "/", Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Nobody_else_on_the_machine_may_read_what_is_stored()
    {
        var name = NewName();

        await Store.PutAsync(name, new byte[1], Cancellation);

        foreach (var path in Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories))
        {
            var others = File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Assert.Equal(UnixFileMode.None, others);
        }
    }

    [Fact]
    public async Task What_a_crashed_writer_left_is_swept_at_the_next_start_and_no_object_is()
    {
        var name = NewName();
        await Store.PutAsync(name, new byte[7], Cancellation);
        var left = Path.Combine(folder.Path, ".tmp", "0123456789abcdef");
        await File.WriteAllBytesAsync(left, new byte[9], Cancellation);

        await using var restarted = FolderObjectStore.Open(folder.Path);

        Assert.False(File.Exists(left));
        Assert.Equal(7, (await restarted.FindAsync(name, Cancellation))!.LengthInBytes);
    }

    [Fact]
    public async Task A_writer_that_lives_is_not_swept_away_by_a_second_process()
    {
        var (name, bytes) = (NewName(), new byte[4_000_000]);
        var content = new GatedStream(bytes, 2_000_000);
        var put = Store.PutAsync(name, content, Cancellation);
        await content.Reached;

        await using (FolderObjectStore.Open(folder.Path)) content.Open();
        await put;

        Assert.Equal(bytes, await ReadAsync(name, 0, 5_000_000));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder.Path, ".tmp")));
    }

    [Fact]
    public async Task Nothing_half_written_is_ever_seen()
    {
        var name = NewName();
        var content = new GatedStream(new byte[4_000_000], 2_000_000);
        var put = Store.PutAsync(name, content, Cancellation);
        await content.Reached;

        Assert.Null(await Store.FindAsync(name, Cancellation));
        Assert.Empty(await ListAsync(""));

        content.Open();
        await put;
        Assert.Equal(4_000_000, (await Store.FindAsync(name, Cancellation))!.LengthInBytes);
    }

    [Fact]
    public async Task No_link_is_followed_to_another_place()
    {
        using var elsewhere = new TemporaryFolder();
        var tenant = Guid.NewGuid();
        Directory.CreateDirectory(Path.Combine(folder.Path, "t"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "t", tenant.ToString()), elsewhere.Path);
        await File.WriteAllBytesAsync(Path.Combine(elsewhere.Path, "secret"), [1], Cancellation);
        var name = ObjectName.Parse($"t/{tenant}/secret");

        await Assert.ThrowsAsync<IOException>(() => Store.OpenReadAsync(name, 0, 1, Cancellation));
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(ObjectName.Parse($"t/{tenant}/key/a"), new byte[1], Cancellation));
        await Assert.ThrowsAsync<IOException>(() => Store.DeleteAsync(name, Cancellation));
        Assert.Empty(await ListAsync(""));
        Assert.Equal(["secret"], Directory.EnumerateFileSystemEntries(elsewhere.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_linked_file_is_not_read()
    {
        using var elsewhere = new TemporaryFolder();
        var target = Path.Combine(elsewhere.Path, "secret");
        await File.WriteAllBytesAsync(target, [1], Cancellation);
        Directory.CreateDirectory(Path.Combine(folder.Path, "v", "key"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "v", "key", "a"), target);

        await Assert.ThrowsAsync<IOException>(() => Store.OpenReadAsync(ObjectName.Parse("v/key/a"), 0, 1, Cancellation));
    }

    [Fact]
    public async Task An_object_is_read_while_its_writer_still_has_it_open()
    {
        var name = ObjectName.Parse("v/key/a");
        await Store.PutAsync(name, new byte[] { 1, 2, 3 }, Cancellation);
        // As between a writer's naming of its file and its closing of it.
        await using var writer = new FileStream(Path.Combine(folder.Path, "v", "key", "a"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal([2, 3], await ReadAsync(name, 1, 2));
    }

    [Fact]
    public async Task A_pipe_in_an_objects_place_holds_nobody_up()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "v", "key"));
        using (var make = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(folder.Path, "v", "key", "a")]))
            await make.WaitForExitAsync(Cancellation);

        await Assert.ThrowsAsync<IOException>(() => ReadAsync(ObjectName.Parse("v/key/a"), 0, 1));
    }

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("t/../../etc")]
    [InlineData("/etc/passwd")]
    [InlineData("t/.tmp/a")]
    [InlineData("t//a")]
    [InlineData("t/a/")]
    [InlineData("")]
    [InlineData("t\\a")]
    [InlineData("T/a")]
    [InlineData("t/a\0b")]
    [InlineData("t/a b")]
    public void A_name_can_not_leave_the_folder(string name) => Assert.Throws<ArgumentException>(() => ObjectName.Parse(name));

    [Fact]
    public async Task Reading_a_copy_changes_nothing_in_it()
    {
        using var copy = new TemporaryFolder();

        await using (var bucket = FolderObjectStore.OpenReadOnly(copy.Path)) Assert.Empty(await bucket.ListAsync("", Cancellation).ToListAsync(Cancellation));

        Assert.Empty(Directory.EnumerateFileSystemEntries(copy.Path));
        Assert.Throws<DirectoryNotFoundException>(() => FolderObjectStore.OpenReadOnly(Path.Combine(copy.Path, "nowhere")));
    }

    [Fact]
    public async Task A_directory_that_was_removed_is_made_again()
    {
        var name = NewName();
        await Store.PutAsync(name, new byte[1], Cancellation);
        Directory.Delete(Path.Combine(folder.Path, "t"), recursive: true);

        await Store.PutAsync(name, new byte[2], Cancellation);

        Assert.Equal(2, (await Store.FindAsync(name, Cancellation))!.LengthInBytes);
    }

    [Fact]
    public async Task A_disk_that_refuses_leaves_neither_object_nor_temporary_file()
    {
        var name = NewName();
        // A file stands where the object's directory would have to be made.
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "t"), [1], Cancellation);

        await Assert.ThrowsAnyAsync<IOException>(() => Store.PutAsync(name, new byte[10], Cancellation));

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder.Path, ".tmp")));
    }
}
