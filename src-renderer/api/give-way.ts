/** Lets the window draw and answer what was pressed; goes on in a task of its own. A timer would wait four milliseconds. */
export function giveWay(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
