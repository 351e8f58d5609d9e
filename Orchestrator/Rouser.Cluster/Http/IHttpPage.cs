using Microsoft.AspNetCore.Http;

namespace Rouser.Cluster.Http;

/// <summary>
/// What answers a browser behind the door: all that is no worker's. The door has looked at host and origin before; who
/// may see what is the page's to say.
/// </summary>
internal interface IHttpPage
{
    /// <summary>Whether a path is the page's: its parts, without what a proxy has put before them.</summary>
    bool Has(IReadOnlyList<string> path);

    /// <summary>Answers a request for such a path.</summary>
    /// <param name="admit">Tells the door that the connection is no stranger's.</param>
    /// <returns>Why it is not served; null if it was.</returns>
    Task<Refusal?> AnswerAsync(HttpContext context, IReadOnlyList<string> path, Action admit);
}
