using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>DELETE /recordings/{id}: to the trash, for 30 days.</summary>
internal static class TrashRecording
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, RecordingTrash trash, CancellationToken cancellationToken) =>
        await trash.PutAsync(id, http.Actor(), cancellationToken) is { } problem ? problem.ToResult() : TypedResults.NoContent();

    /// <summary>The same for a page's form; it leads to the trash, where it can be taken back.</summary>
    public static async Task<IResult> HandleForm(Guid id, HttpContext http, RecordingTrash trash, CancellationToken cancellationToken) =>
        await trash.PutAsync(id, http.Actor(), cancellationToken) switch
        {
            null => TypedResults.LocalRedirect("/trash"),
            var problem when problem == Problem.NotFound => new NoSuchPage(),
            var problem => problem.ToResult(),
        };
}

/// <summary>POST /recordings/{id}/restore: out of the trash.</summary>
internal static class RestoreRecording
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, RecordingTrash trash, CancellationToken cancellationToken) =>
        await trash.TakeOutAsync(id, http.Actor(), cancellationToken) is { } problem ? problem.ToResult() : TypedResults.NoContent();

    public static async Task<IResult> HandleForm(Guid id, HttpContext http, RecordingTrash trash, CancellationToken cancellationToken) =>
        await trash.TakeOutAsync(id, http.Actor(), cancellationToken) switch
        {
            null => TypedResults.LocalRedirect($"/recordings/{id}"),
            var problem when problem == Problem.NotFound => new NoSuchPage(),
            var problem => problem.ToResult(),
        };
}

/// <summary>POST /recordings/{id}/keep-both: the same file is wanted twice.</summary>
internal static class KeepBoth
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, Duplicates duplicates, CancellationToken cancellationToken) =>
        await duplicates.KeepAsync(id, http.Actor(), cancellationToken) is { } problem ? problem.ToResult() : TypedResults.NoContent();

    public static async Task<IResult> HandleForm(Guid id, HttpContext http, Duplicates duplicates, CancellationToken cancellationToken) =>
        await duplicates.KeepAsync(id, http.Actor(), cancellationToken) switch
        {
            null => TypedResults.LocalRedirect($"/recordings/{id}"),
            var problem when problem == Problem.NotFound => new NoSuchPage(),
            var problem => problem.ToResult(),
        };
}
