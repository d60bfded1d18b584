namespace RecordingVault.Cli.Talk;

/// <summary>An answer's body, as long as it keeps within bounds.</summary>
internal static class BoundedBody
{
    /// <exception cref="CommandException">It is longer.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage answer, int longest, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var read = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            if (read.Length + count > longest)
                throw new CommandException(ExitCode.Refused, "The answer is longer than any answer of a vault. Is it the right address?");
            read.Write(buffer, 0, count);
        }

        return read.GetBuffer().AsMemory(0, (int)read.Length);
    }
}
