namespace RecordingVault.Server.Platform.Security;

/// <summary>
/// A short form as browsers post it; every page that takes one reads it so, and none by [FromForm], which would take multipart too, whose parts could be
/// laid down in clear on disk (P1), and would join a field that comes twice.
/// </summary>
internal sealed class PostedForm(IFormCollection fields)
{
    /// <summary>The field, or nothing where it is absent or comes more than once.</summary>
    public string this[string name] => fields[name] is [{ } value] ? value : "";

    /// <summary>Every value of a field that may come more than once.</summary>
    public IReadOnlyList<string> All(string name) => [.. fields[name].OfType<string>()];

    /// <summary>Null when the body is no such form.</summary>
    public static async Task<PostedForm?> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        request.ContentType?.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) is true
            ? new PostedForm(await request.ReadFormAsync(cancellationToken))
            : null;
}
