using System.Diagnostics;

namespace RecordingVault.Benchmarks.Servers;

/// <summary>rclone over its crypt on a local folder. It flushes nothing that it wrote.</summary>
internal static class Rclone
{
    /// <summary>Where the sealed files lie.</summary>
    public static string Files(string folder) => Path.Combine(folder, "files");

    /// <param name="what">webdav, or http.</param>
    public static async Task<MeasuredServer> StartAsync(string what, string folder, CancellationToken cancellationToken)
    {
        await PrepareAsync(folder, cancellationToken);
        var port = MeasuredServer.FreePort();
        string[] noReadAhead = what == "http" ? ["--buffer-size", "0", "--vfs-read-ahead", "0"] : [];
        return await MeasuredServer.StartAsync(
            new ProcessStartInfo("rclone", ["serve", what, "sealed:", "--addr", $"127.0.0.1:{port}", "--config", Settings(folder), .. noReadAhead]), port, null, cancellationToken);
    }

    public static async Task TakeInAsync(Film film, string folder, CancellationToken cancellationToken)
    {
        await PrepareAsync(folder, cancellationToken);
        await RunAsync(["copyto", film.Path, "sealed:film", "--config", Settings(folder)], cancellationToken);
    }

    private static string Settings(string folder) => Path.Combine(folder, "rclone.conf");

    private static async Task PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        if (File.Exists(Settings(folder)))
            return;
        Directory.CreateDirectory(Files(folder));
        var password = await RunAsync(["obscure", Guid.NewGuid().ToString("N")], cancellationToken);
        await File.WriteAllTextAsync(Settings(folder), $"[sealed]\ntype = crypt\nremote = {Files(folder)}\npassword = {password.Trim()}\n", cancellationToken);
    }

    private static async Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("rclone", arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"rclone {arguments[0]} ended with {process.ExitCode}.");
    }
}
